"""One description a file."""
