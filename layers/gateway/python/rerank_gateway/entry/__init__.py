"""Where events come in: the configuration, the assembly, and what each function does with what it gets."""
