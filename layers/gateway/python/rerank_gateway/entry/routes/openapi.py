"""The route that describes all of them."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import from_json

from rerank_gateway.entry.http.call import Call
from rerank_gateway.entry.http.handler import HttpResponse

DOCUMENT = Path(__file__).with_name("openapi.json")


def openapi(_: Call) -> HttpResponse:
    """The OpenAPI document, for whoever asks. `make openapi` writes it."""
    return HttpResponse(200, from_json(DOCUMENT.read_bytes()))
