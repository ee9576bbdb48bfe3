"""OpenAI's errors, as its SDKs read them."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.http_error import HttpError


def render_error(error: HttpError) -> dict[str, Any]:
    return {"error": {"message": error.message, "type": error.kind, "param": error.param, "code": error.code}}
