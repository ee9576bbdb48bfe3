"""The ways over which requests reach providers."""
