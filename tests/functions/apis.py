"""Every API's own event."""

from __future__ import annotations

import json
from typing import Any

from tests.functions.gateway import Response, event, invoke

NAMES = ("rerank", "cohere", "openrouter", "orq", "voyage", "mixedbread", "pinecone", "infinity", "tei")

MORE_NAMES = ("nim", "score", "dashscope", "dashscope_compatible", "weaviate", "voyage_documents")
"""The ones above have all documents back beside an index and a score, and share more tests than these."""


def post(
    name: str,
    /,
    without_key: bool = False,
    path: str | None = None,
    headers: dict[str, str] | None = None,
    **changes: Any,
) -> Response:
    """events/NAME.json with *changes* to its body; None takes a field away."""
    request = event(name)
    body = {key: value for key, value in (json.loads(request["body"]) | changes).items() if value is not None}
    request["body"] = json.dumps(body)
    request["headers"] |= headers or {}
    if path:
        request["routeKey"] = f"POST {path}"
    if without_key:
        request["headers"] = {
            key: value for key, value in request["headers"].items() if key not in ("authorization", "api-key")
        }

    return invoke(request)


def rows(body: Any) -> Any:
    """The result rows in an answer's *body*, wherever the API has them."""
    return body if isinstance(body, list) else body.get("results", body.get("data"))
