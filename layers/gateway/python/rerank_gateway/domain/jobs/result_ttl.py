"""For how long a job's result is kept, as callers and producers put it."""

from __future__ import annotations

from rerank_gateway.domain.errors import InvalidRequest

DEFAULT_RESULT_TTL_S = 3600
MAX_RESULT_TTL_S = 2_592_000
"""Seconds that a result is kept after completion; the numbers are Bifrost's."""


def parse_result_ttl(value: str | None, name: str) -> int:
    """Seconds that a result is to be kept. Raises InvalidRequest, which calls the option *name*."""
    if value is None:
        return DEFAULT_RESULT_TTL_S

    return parse_seconds(value, name, least=1, most=MAX_RESULT_TTL_S)


def parse_seconds(value: str, name: str, least: int, most: int) -> int:
    """A whole number of seconds from *least* to *most*. Raises InvalidRequest about the option called *name*."""
    text = value.strip()
    # Ten digits are more than any option has, and int() takes its time over a million of them.
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)

    raise InvalidRequest(f"{name} must be a whole number of seconds from {least} to {most}", param=name)
