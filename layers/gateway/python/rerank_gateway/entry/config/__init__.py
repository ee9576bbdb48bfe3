"""The operator's configuration: what may be said in it, and what it comes to."""
