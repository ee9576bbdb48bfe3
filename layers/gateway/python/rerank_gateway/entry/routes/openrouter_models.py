"""The route that tells OpenRouter's clients which models there are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.rerank import load_api

if TYPE_CHECKING:
    from rerank_gateway.domain.model import Model
    from rerank_gateway.domain.price import Price
    from rerank_gateway.entry.services import ModelServices

MAX_MODELS = 500
"""On one page, as OpenRouter has it."""
FREE = "0"
DEPENDS = "-1"
"""What OpenRouter says of its own `openrouter/auto`, whose price depends."""
OF_NO_RERANKER: dict[str, Any] = {
    "created": 0,
    "per_request_limits": None,
    "supported_parameters": [],
    "default_parameters": None,
    "supported_voices": None,
}
"""What its clients insist on (openrouter 1.3.84, `components.Model`), and nobody knows or a reranker does not have."""


def openrouter_models_route(services: ModelServices) -> Route:
    return Route(partial(models, services), lambda _: load_api("openrouter"))


def models(services: ModelServices, request: HttpRequest) -> HttpResponse:
    """What the caller's key can ask for now, or a part of it: its clients go on until one is shorter than asked for."""
    from rerank_gateway.entry.routes.key_query import parse_limit, parse_offset  # for those who look at a list

    key = authenticated_key(services, request)
    services.refresh()
    limit, offset, known = parse_limit(request, MAX_MODELS), parse_offset(request), services.models.all(key)
    end = offset + limit
    following = f"/api/v1/models?offset={end}&limit={limit}" if end < len(known) else None
    data = [_fields(each) for each in known[offset:end]]

    return HttpResponse(200, {"data": data, "total_count": len(known), "links": {"next": following}})


def _fields(model: Model) -> dict[str, Any]:
    inputs = ["text", "image"] if model.profile.sees else ["text"]
    window = model.profile.limits.window

    return {
        "id": model.name,
        "canonical_slug": model.name,
        "name": model.name,
        "architecture": {
            "modality": f"{'+'.join(inputs)}->rerank",
            "input_modalities": inputs,
            "output_modalities": ["rerank"],
        },
        "context_length": window,
        "top_provider": {"context_length": window, "max_completion_tokens": None, "is_moderated": False},
        "pricing": _pricing(model.profile.price),
        "links": {"details": f"/v1/models/{model.name}"},
        **OF_NO_RERANKER,
    }


def _pricing(price: Price | None) -> dict[str, str]:
    """In USD for one token and one search, as decimals."""
    if price is None:
        return {"prompt": DEPENDS, "completion": DEPENDS}

    return {
        "prompt": _decimal(price.per_million_tokens / 1e6),
        "completion": FREE,
        "request": _decimal(price.per_search),
    }


def _decimal(usd: float) -> str:
    return f"{usd:.12f}".rstrip("0").rstrip(".")
