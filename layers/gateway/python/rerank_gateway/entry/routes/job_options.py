"""What callers may say about a job, beside its request."""

from __future__ import annotations

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs.result_ttl import parse_seconds

MAX_WAIT_S = 20
MAX_IDEMPOTENCY_KEY_CHARS = 255


def parse_wait(value: str | None) -> int:
    """Seconds that a poll may take. Raises InvalidRequest."""
    return 0 if value is None else parse_seconds(value, "wait", least=0, most=MAX_WAIT_S)


def parse_idempotency_key(value: str | None) -> str | None:
    """What makes two submissions the same. Raises InvalidRequest."""
    if value is not None and not 0 < len(value) <= MAX_IDEMPOTENCY_KEY_CHARS:
        raise InvalidRequest(
            f"Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY_CHARS} characters", param="Idempotency-Key"
        )

    return value
