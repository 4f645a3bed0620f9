"""ConnectWise PSA: its dialect, and its records as ours."""
