"""Keys and teams: made, changed, removed, and what they have used."""
