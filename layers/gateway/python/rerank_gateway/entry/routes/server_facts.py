"""What clients ask a server about itself before they rank. Nothing in it is ours, so that it wants no key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import rerank_gateway
from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.health import health

if TYPE_CHECKING:
    from rerank_gateway.entry.services import Configured, RerankServices

MODEL = "default"
"""Whom those ask who name no model."""
MAX_INPUT_TOKENS = 8192
"""For clients that want a number: a text that is too long is truncated, and none is refused for its length."""


def tei_info_route(services: RerankServices) -> Route:
    return Route(partial(tei_info, services), lambda _: bifrost_error)


def cluster_auth_route() -> Route:
    return Route(cluster_auth, lambda _: bifrost_error)


def weaviate_meta_route() -> Route:
    return Route(weaviate_meta, lambda _: bifrost_error)


def weaviate_ready_route(services: Configured) -> Route:
    return Route(partial(weaviate_ready, services), lambda _: bifrost_error)


def tei_info(services: RerankServices, _: HttpRequest) -> HttpResponse:
    """As Text Embeddings Inference describes a reranker in its OpenAPI document; its defaults, where we have none."""
    services.refresh()

    return HttpResponse(200, _tei_info(services.authorize.max_documents))


def _tei_info(max_documents: int) -> dict[str, Any]:
    return {
        "model_id": MODEL,
        "model_sha": None,
        "model_dtype": "float32",
        "model_type": {"reranker": {"id2label": {"0": "LABEL_0"}, "label2id": {"LABEL_0": 0}}},
        "max_concurrent_requests": 512,
        "max_input_length": MAX_INPUT_TOKENS,
        "max_batch_tokens": 16_384,
        "max_batch_requests": None,
        "max_client_batch_size": max_documents,
        "auto_truncate": True,
        "tokenization_workers": 1,
        "version": rerank_gateway.__version__,
    }


def cluster_auth(_: HttpRequest) -> HttpResponse:
    """Whether Xinference's clients should send their key: they send none to a server that does not say so."""
    return HttpResponse(200, {"auth": True})


def weaviate_meta(_: HttpRequest) -> HttpResponse:
    """What Weaviate shows of its modules."""
    return HttpResponse(200, {"model": MODEL, "version": rerank_gateway.__version__})


def weaviate_ready(services: Configured, request: HttpRequest) -> HttpResponse:
    """Nothing, once the gateway is healthy; Weaviate does not start before."""
    response = health(services, request)

    return HttpResponse(204, b"") if response.status == 200 else response
