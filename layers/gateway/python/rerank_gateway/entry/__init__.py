"""Where the outside comes in: the only rooms that see both sides."""
