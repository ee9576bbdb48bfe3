"""How many tokens a text has, about, where nobody has counted them."""

from __future__ import annotations

BYTES_PER_TOKEN = 4
"""Bytes of UTF-8 that make about one token: every model counts differently."""


def estimated_tokens(text: str) -> int:
    # Most texts are ASCII, and then their bytes need not be counted.
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))

    return -(-size // BYTES_PER_TOKEN)
