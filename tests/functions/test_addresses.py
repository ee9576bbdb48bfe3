"""The other addresses of each API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.entry.routes import rerank
from tests.functions.apis import post, rows
from tests.functions.gateway import event, invoke


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("rerank", "/rerank"),
        ("rerank", "/jina/v1/rerank"),
        ("rerank", "/together/v1/rerank"),
        ("rerank", "/vllm/v1/rerank"),
        ("rerank", "/vllm/rerank"),
        ("cohere", "/cohere/v1/rerank"),
        ("cohere", "/cohere/v2/rerank"),
        ("openrouter", "/openrouter/api/v1/rerank"),
        ("orq", "/orq/v2/router/rerank"),
        ("mixedbread", "/mixedbread/v1/reranking"),
        ("tei", "/rerank"),
        ("infinity", "/api/rerank"),
        ("dashscope_compatible", "/v1/reranks"),
    ],
)
def test_each_other_address_answers_alike(name: str, path: str) -> None:
    """
    Base URLs have their habits; an API is the same under each of its addresses.
    """
    other, usual = post(name, path=path), post(name)

    assert other.status == 200
    assert rows(other.json) == rows(usual.json)


@pytest.mark.parametrize(
    ("body", "api", "status"),
    [
        ({"query": "q", "texts": ["documents", "texts"]}, "tei", 200),
        ({"query": "q", "texts": ["a"], "user": {"documents": 1}}, "tei", 200),
        ({"model": "local/bm25", "query": "texts", "documents": ["texts"]}, "native", 200),
        ({"model": "local/bm25", "query": "texts"}, "native", 400),
        ({"model": "local/bm25", "query": "q", "metadata": {"texts": 1}}, "native", 400),
        (["texts"], "native", 400),
    ],
)
def test_a_shared_address_goes_by_the_names_of_fields(body: Any, api: str, status: int) -> None:
    """
    Only what stands at the top of the body tells TEI's callers from others, whatever their texts say.
    """
    response = invoke(event("rerank") | {"routeKey": "POST /rerank", "body": json.dumps(body)})

    assert response.status == status
    assert isinstance(response.json, list) == (api == "tei")
    assert ("error_type" in response.json) == (api == "tei" and status != 200)


def test_a_body_that_cannot_be_read_is_the_native_apis() -> None:
    """
    Nobody can tell what it was meant to be.
    """
    response = invoke(event("rerank") | {"routeKey": "POST /rerank", "body": '{"texts": ['})

    assert (response.status, response.json["error"]["code"]) == (400, "invalid_request")


def test_nothing_is_made_of_a_shared_address_body_that_has_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It is refused before anyone looks whose it is.
    """
    monkeypatch.setattr(rerank, "from_json", lambda _: pytest.fail("was parsed"))
    body = '{"query": "q", "texts": ["a"], "x": [' + "[]," * 600_000 + "[]]}"

    response = invoke(event("rerank") | {"routeKey": "POST /rerank", "body": body})

    assert (response.status, response.json["error"]["code"]) == (413, "too_large")
