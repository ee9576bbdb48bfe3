"""The keys that the gateway holds for providers."""
