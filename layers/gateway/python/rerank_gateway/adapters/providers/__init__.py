"""Providers: what is known of each (catalogue/), how to talk to one (dialect), and the reranker that does."""
