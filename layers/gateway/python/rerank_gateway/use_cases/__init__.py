"""What the gateway does, as verbs. They know the domain and its ports only."""
