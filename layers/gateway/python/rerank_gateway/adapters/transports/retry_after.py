"""How long a server wants to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

MAX_RETRY_AFTER_S = 86_400.0
"""Whoever wants us to wait for longer than a day, or for ever, has made a mistake."""


def parse_retry_after(value: str) -> float | None:
    """Seconds to wait by the header `Retry-After`, which holds seconds or a date (RFC 9110, 10.2.3)."""
    said = value.strip()
    if not said:
        return None
    if said.isascii() and said.replace(".", "", 1).isdigit():
        return min(float(said), MAX_RETRY_AFTER_S)
    # Dates are rare here, and reading them takes a part of Python that loads slowly.
    from email.utils import parsedate_to_datetime

    try:
        seconds = (_aware(parsedate_to_datetime(said)) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError, TypeError, IndexError):
        # The parser is a lenient one, which stumbles in more ways than it says.
        return None

    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)
