"""Caches in this environment's memory."""
