"""`kubectl psa`: what people do with integrations and runs, through the API server and nothing else."""
