"""The wire formats of callers: each parses a body into a RerankRequest, and renders an Answer or an HttpError."""
