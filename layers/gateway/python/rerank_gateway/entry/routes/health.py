"""The route that says that we are here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rerank_gateway import __version__
from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.domain.errors import Misconfigured, Unavailable
from rerank_gateway.entry import observability
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route

if TYPE_CHECKING:
    from rerank_gateway.entry.services import Configured


def health_route(services: Configured) -> Route:
    return Route(partial(health, services), lambda _: bifrost_error)


def health(services: Configured, _: HttpRequest) -> HttpResponse:
    """
    That the function runs and its configuration can be read, but not what is wrong in it: anyone may ask. It says
    nothing of providers, which must not be called for whoever comes along.
    """
    try:
        services.refresh()
    except Misconfigured as mistake:
        observability.log_mistake(mistake)
        return HttpResponse(503, {"status": "misconfigured"})
    except Unavailable:
        return HttpResponse(503, {"status": "unavailable"})

    return HttpResponse(200, {"status": "ok", "version": __version__})
