"""How much JSON a body may hold: a few bytes of it can become hundreds in memory."""

from __future__ import annotations

import re

from rerank_gateway.domain.errors import TooLarge

MAX_JSON_VALUES = 500_000
"""
Values in a body: fifty for each of ten thousand documents. Parsed, an empty list of two bytes takes about 400 (measured
with pydantic-core 2.4x), so that this many take 200 MB of a function that has 1,024.
"""
STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\Z)', re.DOTALL)


def require_few_values(body: bytes) -> None:
    """Raise TooLarge for a *body* with more than MAX_JSON_VALUES, before anything is made of them."""
    # Most bodies have fewer bytes. Texts have commas too, but are seldom so full of them that a closer look is needed.
    if len(body) <= MAX_JSON_VALUES:
        return
    if _separators(body) > MAX_JSON_VALUES and _separators(STRING.sub(b"", body)) > MAX_JSON_VALUES:
        raise TooLarge(f"the body has more than {MAX_JSON_VALUES} values")


def _separators(json: bytes) -> int:
    """At least as many as *json* has values, but for one."""
    return json.count(b",") + json.count(b"[") + json.count(b"{")
