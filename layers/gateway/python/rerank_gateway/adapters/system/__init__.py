"""The clock and the threads of this process."""
