"""A second model that is asked after an answer: what it would have said, and at which price."""
