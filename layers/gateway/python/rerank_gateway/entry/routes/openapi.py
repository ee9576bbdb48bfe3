"""The route that describes all of them."""

from __future__ import annotations

from pathlib import Path

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route

DOCUMENT = Path(__file__).with_name("openapi.json")


def openapi_route() -> Route:
    return Route(openapi, lambda _: bifrost_error)


def openapi(_: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for whoever wants it. `make openapi` writes it."""
    return HttpResponse(200, DOCUMENT.read_bytes())
