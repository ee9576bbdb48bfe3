"""Keys and teams as those who manage them see them."""
