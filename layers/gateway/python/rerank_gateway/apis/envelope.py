"""Bifrost's error envelope, which the native API and its jobs have in common."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.failure import Failure
from rerank_gateway.apis.parts import attempts, known


def failure(told: Failure) -> dict[str, Any]:
    """The body of an error: Bifrost's envelope, with `message` and `detail` for the other clients of this path."""
    return {
        "is_bifrost_error": False,
        "event_id": told.request_id,
        "type": told.code,
        "status_code": told.status,
        "error": {
            "type": told.kind,
            "code": told.code,
            "message": told.message,
            "event_id": told.request_id,
            **known(param=told.param),
        },
        "extra_fields": {"request_type": "rerank"} | _tried(told),
        "message": told.message,
        "detail": told.message,
    }


def _tried(told: Failure) -> dict[str, Any]:
    first = told.attempts[0].target if told.attempts else None

    return known(
        provider=first and first.provider,
        model_requested=told.model,
        attempts=attempts(told.attempts) or None,
    )
