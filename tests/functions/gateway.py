"""The rerank function as Lambda calls it, on events as API Gateway sends them."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import functions.rerank.app
from tests.fakes import FakeContext
from tests.functions.replies import let_replies_arrive

EVENTS = Path(__file__).parents[2] / "events"
LEAST = {"model": "local/bm25", "query": "green apples", "documents": ["red pears", "green apples", "an apple"]}


@dataclass(frozen=True)
class Response:
    status: int
    headers: dict[str, str]
    json: Any
    text: str


def event(name: str) -> dict[str, Any]:
    """A fresh copy of events/NAME.json."""
    copy: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))

    return copy


def invoke(request: dict[str, Any], milliseconds: int = 29_000) -> Response:
    """The rerank function's response to the event *request*."""
    return to_response(functions.rerank.app.handler(deepcopy(request), FakeContext(milliseconds)))


def to_response(returned: dict[str, Any]) -> Response:
    """What a function has *returned*, when AWS has done what it was sent meanwhile."""
    let_replies_arrive()

    return Response(returned["statusCode"], returned["headers"], json.loads(returned["body"]), returned["body"])


def rerank(body: Any = None, headers: dict[str, str] | None = None, **changes: Any) -> Response:
    """Post *body*, or LEAST with *changes*, to /v1/rerank; a header that is "" is left out."""
    request = event("rerank")
    request["body"] = body if isinstance(body, str) else json.dumps(LEAST | changes if body is None else body)
    request["headers"] = {k: v for k, v in (request["headers"] | (headers or {})).items() if v}

    return invoke(request)
