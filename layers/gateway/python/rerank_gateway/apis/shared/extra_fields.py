"""What the native API's answer says of how it came about."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.response_fields import attempt_rows, milliseconds, without_none
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


def extra_fields(request: RerankRequest, answer: Answer) -> dict[str, Any]:
    """Bifrost's fields, and the gateway's own: who was asked, and what came of it."""
    return {
        "request_type": "rerank",
        "provider": answer.target.provider,
        "model_requested": request.model,
        "latency": milliseconds(answer.latency),
        "chunk_index": 0,
        "cache_hit": answer.cache == "hit",
        "scores": answer.ranking.kind,
        "attempts": attempt_rows(answer.attempts),
        **without_none(
            truncated=True if answer.truncated else None,
            degraded=list(answer.degraded) or None,
            warnings=list(answer.warnings) or None,
        ),
    }
