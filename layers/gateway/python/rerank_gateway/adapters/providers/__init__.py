"""Providers: what is known of each (catalogue/), how to phrase and understand (dialect), and who does (reranker)."""
