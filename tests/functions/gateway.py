"""The rerank function as Lambda calls it, on events as API Gateway sends them."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.rerank.app import handler
from tests.fakes import FakeContext

EVENTS = Path(__file__).parents[2] / "events"
LEAST = {"model": "local/bm25", "query": "green apples", "documents": ["red pears", "green apples", "an apple"]}


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    json: Any
    text: str


def event(name: str) -> dict[str, Any]:
    """A fresh copy of events/NAME.json."""
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))

    return loaded


def invoke(sent: dict[str, Any], milliseconds: int = 29_000) -> Answered:
    reply = handler(deepcopy(sent), FakeContext(milliseconds))

    return Answered(reply["statusCode"], reply["headers"], json.loads(reply["body"]), reply["body"])


def rerank(body: Any = None, headers: dict[str, str] | None = None, **changes: Any) -> Answered:
    """Post *body*, or LEAST with *changes*, to /v1/rerank; a header that is "" is left out."""
    sent = event("rerank")
    sent["body"] = body if isinstance(body, str) else json.dumps(LEAST | changes if body is None else body)
    sent["headers"] = {k: v for k, v in (sent["headers"] | (headers or {})).items() if v}

    return invoke(sent)
