"""One dialect: ConnectWise PSA, and the records in its shape."""
