"""Whom a request is put to: aliases, plans and callers' preferences."""
