"""The result rows in a provider's response."""

from __future__ import annotations

from typing import Any, TypeAlias

from rerank_gateway.domain.errors import BadReply

Pair: TypeAlias = tuple[Any, Any]
"""An index and a score as the provider sent them, unchecked."""


def rows_at(path: str, body: Any) -> list[Any]:
    """The list at *path*, step by step with dots between; *body* itself at "". Raises BadReply."""
    for step in filter(None, path.split(".")):
        body = body.get(step) if isinstance(body, dict) else None
    if not isinstance(body, list):
        raise BadReply("the reply holds no list of results")

    return body
