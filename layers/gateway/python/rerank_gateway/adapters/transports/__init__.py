"""How requests reach providers."""
