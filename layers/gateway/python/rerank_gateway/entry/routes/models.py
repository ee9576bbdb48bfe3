"""The routes that tell which models there are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.apis.shared.response_fields import without_none
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route

if TYPE_CHECKING:
    from rerank_gateway.domain.model import Model
    from rerank_gateway.domain.profile import Profile
    from rerank_gateway.entry.services import ModelServices


def models_route(services: ModelServices) -> Route:
    return Route(partial(models, services), lambda _: bifrost_error)


def model_route(services: ModelServices) -> Route:
    return Route(partial(model, services), lambda _: bifrost_error)


def models(services: ModelServices, request: HttpRequest) -> HttpResponse:
    """What the caller's key can ask for now, in the shape of OpenAI's list of models."""
    key = authenticated_key(services, request)
    services.refresh()

    return HttpResponse(200, {"object": "list", "data": [_fields(each) for each in services.models.all(key)]})


def model(services: ModelServices, request: HttpRequest) -> HttpResponse:
    """One of them, also one that nobody has listed but whose provider can be asked."""
    key = authenticated_key(services, request)
    services.refresh()

    return HttpResponse(200, _fields(services.models.one(key, request.event["pathParameters"]["id"])))


def _fields(model: Model) -> dict[str, Any]:
    """What there is to know of it; what nobody knows is left out."""
    return {
        "id": model.name,
        "object": "model",
        # Xinference's clients go by it.
        "model_type": "rerank",
        "owned_by": "alias" if model.is_alias else model.targets[0].provider,
        **({"targets": [str(target) for target in model.targets]} if model.is_alias else {}),
        **_facts(model.profile),
    }


def _facts(profile: Profile) -> dict[str, Any]:
    price, limits = profile.price, profile.limits
    pricing = price and {"per_search": price.per_search, "per_million_tokens": price.per_million_tokens}
    most = without_none(documents=limits.documents, bytes=limits.size, characters_per_document=limits.length)

    return {
        "input_modalities": ["text", "image"] if profile.sees else ["text"],
        **without_none(pricing=pricing, limits=most or None),
    }
