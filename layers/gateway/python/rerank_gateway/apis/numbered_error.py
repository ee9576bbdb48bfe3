"""The error body in which clients of several APIs find their fields: a number, a message, and both again outside."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.failure import Failure


def failure(told: Failure) -> dict[str, Any]:
    """The body of an error. It has no `type` at its top, where one client accepts its own words only."""
    return {
        "error": {"code": told.status, "message": told.message, "type": told.kind, "param": told.param},
        "message": told.message,
        "detail": told.message,
    }
