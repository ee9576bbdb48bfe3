"""An AWS for this machine, and what the template declares in it."""
