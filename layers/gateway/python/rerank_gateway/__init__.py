"""One HTTPS endpoint that ranks documents by relevance with any reranker there is."""

__version__ = "0.2.0"
