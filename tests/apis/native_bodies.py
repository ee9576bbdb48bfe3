"""Bodies of the native API, parsed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.apis import native
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import RerankRequest

LEAST = {"model": "local/bm25", "query": "q", "documents": ["a", "b", "c"]}


def parsed(**changes: Any) -> RerankRequest:
    return native.parse(json.dumps({**LEAST, **changes}).encode())[0]


def warned(**changes: Any) -> list[str]:
    return native.parse(json.dumps({**LEAST, **changes}).encode())[1]


def ignored(**changes: Any) -> list[str]:
    """The names of the fields that have no effect."""
    found = [warning.removeprefix("ignored: ").split(", ") for warning in warned(**changes)]

    return [name for names in found for name in names]


def error_about(body: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as raised:
        native.parse(body if isinstance(body, bytes) else json.dumps(body).encode())

    return raised.value


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in LEAST.items() if key != name}
