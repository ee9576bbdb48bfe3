"""Providers, AWS, caches, clocks: what implements the ports of the domain."""
