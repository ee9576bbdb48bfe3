"""What callers and producers may say about a job, beside its request."""

from __future__ import annotations

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs.job import DEFAULT_RESULT_TTL_S, MAX_RESULT_TTL_S

POLL_AGAIN = {"retry-after": "1"}
"""The header for whoever is to poll."""
MAX_WAIT_S = 20
MAX_IDEMPOTENCY_KEY_CHARS = 255


def result_ttl(value: str | None, name: str) -> int:
    """Seconds that a result is to be kept. Raises InvalidRequest, which calls the option *name*."""
    if value is None:
        return DEFAULT_RESULT_TTL_S

    return _parse_int(value, name, least=1, most=MAX_RESULT_TTL_S)


def wait(value: str | None) -> int:
    """Seconds that a poll may take. Raises InvalidRequest."""
    return 0 if value is None else _parse_int(value, "wait", least=0, most=MAX_WAIT_S)


def idempotency_key(value: str | None) -> str | None:
    """What makes two submissions the same. Raises InvalidRequest."""
    if value is not None and not 0 < len(value) <= MAX_IDEMPOTENCY_KEY_CHARS:
        raise InvalidRequest(
            f"Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters", param="Idempotency-Key"
        )

    return value


def _parse_int(value: str, name: str, least: int, most: int) -> int:
    text = value.strip()
    # Ten digits are more than any option has, and int() takes its time over a million of them.
    if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
        return int(text)

    raise InvalidRequest(f"{name} must be a whole number of seconds from {least} to {most}", param=name)
