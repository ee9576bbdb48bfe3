"""What keys and teams may spend, and what they have spent."""
