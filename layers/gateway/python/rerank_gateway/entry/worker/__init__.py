"""Jobs off the queue."""
