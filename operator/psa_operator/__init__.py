"""A Kubernetes operator that keeps a PostgreSQL copy of an MSP's PSA tickets true."""
