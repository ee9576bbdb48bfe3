"""Reranks that are done later: their states, and what they need from the world."""
