"""A job's life: submitted, run, read, cancelled, abandoned."""
