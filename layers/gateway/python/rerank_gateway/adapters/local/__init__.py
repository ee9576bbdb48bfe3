"""The rerankers that run inside the gateway."""
