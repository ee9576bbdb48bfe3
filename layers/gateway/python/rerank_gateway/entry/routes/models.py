"""The route that lists the models."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route

if TYPE_CHECKING:
    from rerank_gateway.entry.services import ModelServices


def models_route(services: ModelServices) -> Route:
    return Route(partial(models, services), lambda _: bifrost_error)


def models(services: ModelServices, request: HttpRequest) -> HttpResponse:
    """The names that the caller's key may use, in the shape of OpenAI's list of models."""
    key = authenticated_key(services, request)
    routing = services.routing
    allowed = [name for name in routing.names if key.allows(name, routing.targets(name))]

    return HttpResponse(200, {"object": "list", "data": [_model(name) for name in allowed]})


def _model(name: str) -> dict[str, Any]:
    provider, slash, _ = name.partition("/")

    return {"id": name, "object": "model", "owned_by": provider if slash else "alias"}
