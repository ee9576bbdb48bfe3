"""What callers may say about a job, beside its request."""

from __future__ import annotations

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs.job import Status
from rerank_gateway.domain.jobs.lists import JobPart
from rerank_gateway.domain.jobs.result_ttl import parse_seconds
from rerank_gateway.entry.http.request import HttpRequest

MAX_WAIT_S = 20
DEFAULT_LIMIT, MAX_LIMIT = 20, 100
"""Jobs of a list; OpenAI's numbers."""
MAX_JOB_ID_CHARS = 100
MAX_IDEMPOTENCY_KEY_CHARS = 255


def parse_part(request: HttpRequest) -> JobPart:
    """Which jobs are listed. Raises InvalidRequest."""
    query = request.event.get("queryStringParameters") or {}
    status, after, limit = query.get("status"), query.get("after"), query.get("limit", str(DEFAULT_LIMIT))
    if status is not None and status not in list(Status):
        raise InvalidRequest(f"status must be one of {', '.join(Status)}", param="status")
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 3 and 1 <= int(limit) <= MAX_LIMIT):
        raise InvalidRequest(f"limit must be an integer from 1 to {MAX_LIMIT}", param="limit")
    if after is not None and not 0 < len(after) <= MAX_JOB_ID_CHARS:
        raise InvalidRequest("after must be the id of a job of yours", param="after")

    return JobPart(int(limit), Status(status) if status else None, after)


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
