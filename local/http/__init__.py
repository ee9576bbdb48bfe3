"""API Gateway's part: an HTTP server before the functions."""
