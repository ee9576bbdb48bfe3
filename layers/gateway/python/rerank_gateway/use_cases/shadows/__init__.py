"""Ask a second model after the answer, and compare."""
