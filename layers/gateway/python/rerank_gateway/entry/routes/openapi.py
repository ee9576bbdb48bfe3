"""The route that describes all of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route

DOCUMENT = Path(__file__).with_name("openapi.json")
CACHEABLE = {"cache-control": "public, max-age=3600", "vary": "accept-encoding"}
"""It changes with a deployment only, and traffic costs more than computing."""


def openapi_route() -> Route:
    return Route(openapi, lambda _: bifrost_error)


def openapi(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for whoever wants it. `make openapi` writes it."""
    if "gzip" in request.headers.get("accept-encoding", ""):
        return HttpResponse(200, _gzipped(), {**CACHEABLE, "content-encoding": "gzip"}, binary=True)

    return HttpResponse(200, DOCUMENT.read_bytes(), CACHEABLE)


@cache
def _gzipped() -> bytes:
    from gzip import compress  # for the few who come here

    return compress(DOCUMENT.read_bytes(), mtime=0)
