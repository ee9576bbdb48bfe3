"""Those who bring a question somewhere and its reply back, without looking inside."""
