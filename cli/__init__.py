"""`rerank-gateway`: the command line. It is one more client of the HTTP API, and imports nothing of the gateway."""
