"""Webhooks: what is told to addresses of the operator's, how it is signed, and how often it is tried."""
