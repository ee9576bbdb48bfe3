"""The APIs that callers speak: each reads a body into a RerankRequest and writes an Answer or a Failure back."""
