"""How many tokens a text has, about, where nobody has counted them."""

from __future__ import annotations

BYTES_PER_TOKEN = 4
"""Bytes of UTF-8 that make about one token: every model counts differently."""


def estimated_tokens(text: str) -> int:
    return -(-size_of(text) // BYTES_PER_TOKEN)


def size_of(text: str) -> int:
    """The bytes of *text* in UTF-8."""
    # Most texts are ASCII, and then their bytes need not be counted.
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
