"""OpenRouter's page on its Python client's `rerank`, line by line, as the client puts it on the wire."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from rerank_gateway.entry import observability
from rerank_gateway.entry.http import handler
from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import event, invoke
from tests.functions.provider import pointed_at
from tests.seeds.rows import contains, each, scored
from tests.upstream import says, upstream

DOCUMENTS = ["Paris is the capital of France.", "Berlin is the capital of Germany."]
EXAMPLE: dict[str, Any] = {
    "documents": DOCUMENTS,
    "model": "cohere/rerank-v3.5",
    "query": "What is the capital of France?",
    "provider": {"allow_fallbacks": True},
    "top_n": 3,
}
IMAGE = "data:image/png;base64,iVBORw0KGgo="


def test_the_examples_of_all_parameters(configure: Configure) -> None:
    """
    Answered with what the client's response must have, and no field is called unknown.
    """
    with upstream(scored((0, 0.98), (1, 0.1))) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        response = post("openrouter", **EXAMPLE)

    rows = [
        {"index": index, "relevance_score": score, "document": {"text": DOCUMENTS[index]}}
        for index, score in ((0, 0.98), (1, 0.1))
    ]
    said = {"id": str, "model": str, "provider": "cohere", "results": rows, "usage": {"total_tokens": int}}
    assert response.status == 200
    assert contains(response.json, said)
    assert "x-gateway-warnings" not in response.headers


@each(
    ("changes", "sent"),
    {
        "documents: plain strings": ({"documents": ["a", "b"]}, ["a", "b"]),
        "documents: structured objects with text": ({"documents": [{"text": "a"}, "b"]}, ["a", "b"]),
        "documents: with text and image for multimodal models": (
            {"documents": [{"text": "a", "image": IMAGE}, "b"]},
            [{"content": list}, "b"],
        ),
        "documents: with an image alone": ({"documents": [{"image": IMAGE}, "b"]}, [{"content": list}, "b"]),
    },
)
def test_the_forms_of_documents(configure: Configure, changes: dict[str, Any], sent: list[Any]) -> None:
    """
    Each of them reaches a model that sees.
    """
    with upstream(scored((0, 0.9), (1, 0.1))) as provider:
        configure(GATEWAY_CONFIG=f'[providers.vllm]\nurl = "{provider.url}"')
        response = post("openrouter", model="vllm/m", **changes)

    assert response.status == 200
    assert contains(provider.questions[0].json["documents"], sent)


@each(
    ("changes", "status"),
    {
        "documents: required": ({"documents": None}, 400),
        "model: required": ({"model": None}, 400),
        "query: required": ({"query": None}, 400),
        "provider: may be null": ({"provider": None}, 200),
        "provider: preferences": ({"provider": {"allow_fallbacks": True}}, 200),
        "provider: an object": ({"provider": "cohere"}, 400),
        "top_n: optional": ({"top_n": None}, 200),
        "top_n: 3": ({"top_n": 3}, 200),
        "top_n: an integer": ({"top_n": "three"}, 400),
    },
)
def test_each_parameter(changes: dict[str, Any], status: int) -> None:
    """
    What it may be, and what it may not.
    """
    request = event("openrouter")
    request["body"] = json.dumps({**json.loads(request["body"]), **changes})

    assert invoke(request).status == status


def test_how_an_application_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    http_referer, x_open_router_title and x_open_router_categories are headers; usage is told apart by them in the log.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    request = event("openrouter")
    request["headers"] |= {
        "http-referer": "https://app.example",
        "x-openrouter-title": "App",
        "x-openrouter-categories": "cli-agent,cloud-agent",
    }

    response = invoke(request)

    said = {"app": "https://app.example", "app_title": "App", "app_categories": "cli-agent,cloud-agent"}
    assert response.status == 200
    assert contains(json.loads(log.getvalue()), said)


@each(
    ("changes", "status"),
    {
        "400 BadRequest": ({"documents": []}, 400),
        "401 Unauthorized": ({"without_key": True}, 401),
        "404 NotFound": ({"model": "nobody/m"}, 404),
        "4XX": ({"documents": ["a"] * 10_001}, 413),
    },
)
def test_the_errors_of_a_caller(changes: dict[str, Any], status: int) -> None:
    """
    Each with the number and the message that the client's exceptions are made of.
    """
    response = post("openrouter", **changes)

    assert response.status == status
    assert contains(response.json, {"error": {"code": status, "message": str}})
    assert response.headers["content-type"] == "application/json"


@each(
    ("upstream_status", "status"),
    {
        "429 TooManyRequests": (429, 429),
        "502 BadGateway": (500, 502),
        "524 EdgeNetworkTimeout": (504, 524),
        "529 ProviderOverloaded": (529, 529),
    },
)
def test_the_errors_of_a_provider(configure: Configure, upstream_status: int, status: int) -> None:
    """
    Each as OpenRouter's clients know it.
    """
    with upstream(says({}, upstream_status)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        response = post("openrouter", model="tei/m")

    assert response.status == status
    assert contains(response.json, {"error": {"code": status, "message": str}})


def test_500_internal_server_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A bug of ours.
    """

    def broken(_: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(handler, "require_response_size", broken)

    response = post("openrouter")

    assert contains(response.json, {"error": {"code": 500, "message": str}})


@pytest.mark.usefixtures("embedded_aws")
def test_503_service_unavailable(configure: Configure) -> None:
    """
    A part of the gateway is out of reach, and `Retry-After` says when to come again.
    """
    configure(KEYS_TABLE="gone", MASTER_KEY="sk-another")

    response = post("openrouter")

    assert contains(response.json, {"error": {"code": 503, "message": str}})
    assert response.headers["retry-after"]
