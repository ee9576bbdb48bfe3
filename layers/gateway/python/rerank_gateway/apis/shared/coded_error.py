"""The error body in which clients of several APIs find their fields: a number, a message, and both again outside."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.http_error import HttpError


def render_error(error: HttpError) -> dict[str, Any]:
    """The body of an error. It has no `type` at its top, where one client takes nothing but its own types."""
    return {
        "error": {"code": error.status, "message": error.message, "type": error.kind, "param": error.param},
        "message": error.message,
        "detail": error.message,
    }
