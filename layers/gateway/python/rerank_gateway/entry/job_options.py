"""What callers and producers may say about a job, beside its request."""

from __future__ import annotations

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs import LONGEST_RESULT_TTL, USUAL_RESULT_TTL

LOOK_AGAIN = {"retry-after": "1"}
"""The header for whoever is to poll."""
LONGEST_WAIT = 20
LONGEST_IDEMPOTENCY_KEY = 255


def result_ttl(value: str | None, name: str) -> int:
    """Seconds that a result is to be kept. Raises InvalidRequest, which calls the option *name*."""
    if value is None:
        return USUAL_RESULT_TTL

    return _whole(value, name, least=1, most=LONGEST_RESULT_TTL)


def wait(value: str | None) -> int:
    """Seconds that a poll may take. Raises InvalidRequest."""
    return 0 if value is None else _whole(value, "wait", least=0, most=LONGEST_WAIT)


def idempotency_key(value: str | None) -> str | None:
    """What makes two submissions the same. Raises InvalidRequest."""
    if value is not None and not 0 < len(value) <= LONGEST_IDEMPOTENCY_KEY:
        raise InvalidRequest(
            f"Idempotency-Key must have 1 to {LONGEST_IDEMPOTENCY_KEY} characters", param="Idempotency-Key"
        )

    return value


def _whole(value: str, name: str, least: int, most: int) -> int:
    text = value.strip()
    # Ten digits are more than any option has, and int() takes its time over a million of them.
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)

    raise InvalidRequest(f"{name} must be a whole number of seconds from {least} to {most}", param=name)
