"""orq.ai's reference of `POST /v2/router/rerank`, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import Response
from tests.functions.rankers import ranker
from tests.functions.targets import pointed_at
from tests.seeds.rows import contains, each, scored
from tests.upstream import says, upstream

RETRY = {"count": 3, "on_codes": [429, 500, 502, 503, 504]}
CACHE = {"type": "exact_match", "ttl": 3600}
TIMEOUT = {"call_timeout": 30_000}
PERSON = {
    "id": "contact_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "display_name": "Jane Doe",
    "email": "jane.doe@example.com",
    "metadata": [{"department": "Engineering", "role": "Senior Developer"}],
    "logo_url": "https://example.com/avatars/jane-doe.jpg",
    "tags": ["hr", "engineering"],
}


def balancer(*shares: tuple[str, float]) -> dict[str, Any]:
    return {"type": "weight_based", "models": [{"model": model, "weight": weight} for model, weight in shares]}


EXAMPLE: dict[str, Any] = {
    "query": "<string>",
    "documents": ["<string>"],
    "model": "local/bm25",
    "top_n": 123,
    "filename": "<string>",
    "name": "<string>",
    "fallbacks": [{"model": "local/bm25"}],
    "retry": RETRY,
    "cache": CACHE,
    "load_balancer": balancer(("local/bm25", 0.7)),
    "timeout": TIMEOUT,
    "orq": {
        "name": "<string>",
        "fallbacks": [{"model": "local/bm25"}],
        "cache": CACHE,
        "retry": RETRY,
        "identity": PERSON,
        "contact": PERSON,
        "load_balancer": balancer(("local/bm25", 0.7), ("local/bm25", 0.3)),
        "timeout": TIMEOUT,
    },
}
"""The curl example's body; only the names of models are others."""
LEAST = {"model": "local/bm25", "query": "green apples", "documents": ["red pears", "green apples"]}


def ask(**changes: Any) -> Response:
    """LEAST with *changes*; None takes a field away."""
    absent = dict.fromkeys(("top_n", "return_documents", "filename", "retry", "orq"))

    return post("orq", **{**absent, **LEAST, **changes})


def test_the_example() -> None:
    """
    Every field of it is known, and every field of the response is there.
    """
    response = post("orq", **EXAMPLE, return_documents=True)

    row = {"object": "rerank", "index": 0, "relevance_score": float, "document": {"text": "<string>"}}
    said = {"object": "list", "results": [row], "id": str, "usage": {"total_tokens": int}}
    assert (response.status, response.headers["content-type"]) == (200, "application/json")
    assert contains(response.json, said)
    assert "x-gateway-warnings" not in response.headers


def test_a_bearer_token_is_required() -> None:
    """
    As `Authorization: Bearer <token>`.
    """
    assert post("orq", without_key=True).status == 401


@each(
    ("changes", "status"),
    {
        "query: required": ({"query": None}, 400),
        "query: a string": ({"query": 1}, 400),
        "documents: required": ({"documents": None}, 400),
        "documents: a list": ({"documents": "a"}, 400),
        "documents: more than 1,000 are not recommended, but allowed": ({"documents": ["green apples"] * 1_001}, 200),
        "model: required": ({"model": None}, 400),
        "model: a string": ({"model": 1}, 400),
        "top_n: a number": ({"top_n": 2.0}, 200),
        "top_n: nothing else": ({"top_n": "two"}, 400),
        "filename: a string": ({"filename": "a.pdf"}, 200),
        "filename: or null": ({"filename": None}, 200),
        "name: a string": ({"name": "Search"}, 200),
        "fallbacks: objects": ({"fallbacks": [{"model": "local/bm25"}]}, 200),
        "retry: an object": ({"retry": RETRY}, 200),
        "retry: with a count": ({"retry": {"count": 1}}, 200),
        "retry: and codes": ({"retry": {"on_codes": [429]}}, 200),
        "cache: an object": ({"cache": CACHE}, 200),
        "cache: exact_match": ({"cache": {"type": "semantic"}}, 400),
        "load_balancer: weight_based": ({"load_balancer": {"type": "round_robin", "models": []}}, 400),
        "timeout: an object": ({"timeout": TIMEOUT}, 200),
        "orq: an object": ({"orq": {}}, 200),
    },
)
def test_each_field(changes: dict[str, Any], status: int) -> None:
    """
    What it may be, and what it may not.
    """
    response = ask(**changes)

    assert response.status == status
    assert "x-gateway-warnings" not in response.headers


@each(
    ("changes", "count"),
    {
        "top_n: the most relevant ones": ({"top_n": 1}, 1),
        "top_n: defaults to the number of documents": ({}, 2),
        "top_n: may be more than that": ({"top_n": 123}, 2),
    },
)
def test_how_many_come_back(changes: dict[str, Any], count: int) -> None:
    """
    In order, the best first.
    """
    results = ask(**changes).json["results"]

    assert len(results) == count
    assert results[0]["index"] == 1


@pytest.mark.parametrize("under", [False, True])
def test_a_fallback_is_used_when_the_primary_model_fails(configure: Configure, under: bool) -> None:
    """
    At the top, or under `orq`.
    """
    routing = {"fallbacks": [{"model": "local/bm25"}]}
    with upstream(says({}, 500)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')
        response = ask(model="tei/m", **({"orq": routing} if under else routing))

    assert (response.status, response.json["model"]) == (200, "local/bm25")


@pytest.mark.parametrize("under", [False, True])
def test_a_retry_is_made_on_its_codes(configure: Configure, under: bool) -> None:
    """
    As often as it says, and on no other codes.
    """
    with upstream(says({}, 503), scored((1, 0.9), (0, 0.1)), says({}, 500)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.cohere]\nurl = "{provider.url}"', COHERE_API_KEY="k")
        routing = {"retry": {"count": 1, "on_codes": [503]}}
        retried, other = (
            ask(model="cohere/m", **({"orq": routing} if under else routing)),
            ask(model="cohere/m", **routing),
        )

    assert (retried.status, other.status) == (200, 502)
    assert len(provider.questions) == 3


@pytest.mark.parametrize("under", [False, True])
def test_an_exact_match_is_cached(configure: Configure, under: bool) -> None:
    """
    The same request is asked once.
    """
    cached = {"orq": {"cache": CACHE}} if under else {"cache": CACHE}
    with ranker() as provider:
        configure(**pointed_at(provider))
        answers = [ask(model="tei/m", **cached), ask(model="tei/m", **cached), ask(model="tei/m", top_n=1, **cached)]

    assert [response.headers["x-gateway-cache"] for response in answers] == ["miss", "hit", "miss"]
    assert len(provider.requests) == 2


@pytest.mark.parametrize("under", [False, True])
def test_a_load_balancer_draws_by_weight(under: bool) -> None:
    """
    Whoever has no weight is never drawn.
    """
    shares = {"load_balancer": balancer(("local/bm25", 0.7), ("nvidia/m", 0.0))}

    response = ask(model="nvidia/m", **({"orq": shares} if under else shares))

    assert (response.status, response.json["model"]) == (200, "local/bm25")


@pytest.mark.parametrize("under", [False, True])
def test_a_request_that_exceeds_the_timeout_falls_back(configure: Configure, under: bool) -> None:
    """
    `call_timeout` is in milliseconds.
    """
    routing = {"timeout": {"call_timeout": 50}, "fallbacks": [{"model": "local/bm25"}]}
    with ranker(silent=True) as silent:
        configure(**pointed_at(silent))
        response = ask(model="tei/m", **({"orq": routing} if under else routing))

    assert (response.status, response.json["model"]) == (200, "local/bm25")
    assert len(silent.requests) == 1


def test_a_request_that_exceeds_the_timeout_is_retried(configure: Configure) -> None:
    """
    Where `retry` has 504 among its codes.
    """
    with ranker(silent=True) as silent:
        configure(**pointed_at(silent))
        response = ask(model="tei/m", timeout={"call_timeout": 50}, retry={"count": 1, "on_codes": [504]})

    assert response.status == 504
    assert len(silent.requests) == 2
