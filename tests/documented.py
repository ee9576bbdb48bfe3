"""The OpenAPI document as tests read it: an object has the keys that it names, and no others."""

from __future__ import annotations

import json
from typing import Any

from openapi_schema_validator import OAS31Validator

from rerank_gateway.entry.routes.openapi import DOCUMENT


def closed() -> dict[str, Any]:
    """The document, with every object closed that it does not call open: a new key must be documented first."""
    document: dict[str, Any] = json.loads(DOCUMENT.read_text("utf-8"))
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)

    return document


CLOSED = closed()


def must_be_documented(key: str, reply: dict[str, Any]) -> None:
    """Raise unless the function's *reply* on the route called *key* is one that the document has."""
    method, _, path = key.replace("+}", "}").partition(" ")
    answers = CLOSED["paths"][path][method.lower()]["responses"]
    answer = answers[str(reply["statusCode"])]
    schema = answer["content"][reply["headers"]["content-type"]]["schema"]

    assert set(reply["headers"]) - {"content-type"} <= set(answer["headers"])
    OAS31Validator({**schema, "components": CLOSED["components"]}).validate(json.loads(reply["body"]))
