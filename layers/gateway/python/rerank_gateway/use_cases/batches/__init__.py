"""Batches and their files as callers make, see and end them."""
