"""The route that says that we are here."""

from __future__ import annotations

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route


def health_route() -> Route:
    return Route(health, lambda _: bifrost_error)


def health(_: HttpRequest) -> HttpResponse:
    """That the function runs. It says nothing of providers, which must not be called for whoever comes along."""
    return HttpResponse(200, {"status": "ok"})
