"""What the callers' APIs have in common."""
