"""What is wrong with the operator's model."""


class BrokenModel(ValueError):
    """The model cannot be used. The message says why, and is for the operator."""
