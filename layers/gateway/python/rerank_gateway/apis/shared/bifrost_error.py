"""Bifrost's error envelope, which the native API and its jobs have in common."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.response_fields import attempt_rows, without_none


def render_error(error: HttpError) -> dict[str, Any]:
    """The body of an error: Bifrost's envelope, with `message` and `detail` for the other clients of this path."""
    return {
        "is_bifrost_error": False,
        "event_id": error.request_id,
        "type": error.code,
        "status_code": error.status,
        "error": {
            "type": error.kind,
            "code": error.code,
            "message": error.message,
            "event_id": error.request_id,
            **without_none(param=error.param),
        },
        "extra_fields": {"request_type": "rerank"} | _attempt_fields(error),
        "message": error.message,
        "detail": error.message,
    }


def _attempt_fields(error: HttpError) -> dict[str, Any]:
    return without_none(
        provider=error.provider,
        model_requested=error.model,
        attempts=attempt_rows(error.attempts) or None,
    )
