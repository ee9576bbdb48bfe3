"""Every reranker that the gateway can reach, each a description in a file of its own name."""
