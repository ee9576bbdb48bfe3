"""Values and rules. No I/O, nothing but the standard library."""
