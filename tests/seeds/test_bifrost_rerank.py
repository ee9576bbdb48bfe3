"""Bifrost's page on `POST /v1/rerank`, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.functions.provider import pointed_at
from tests.seeds.rows import contains, each, scored
from tests.upstream import upstream

BASIC = {
    "model": "cohere/rerank-v3.5",
    "query": "What is Bifrost?",
    "documents": [
        {"text": "Bifrost is an AI gateway that unifies many LLM providers."},
        {"text": "Paris is the capital of France."},
        {"text": "Bifrost exposes an OpenAI-compatible API."},
    ],
}
WITH_OPTIONS = {
    "model": "cohere/rerank-v3.5",
    "query": "gateway observability",
    "top_n": 2,
    "return_documents": True,
    "documents": [
        {"id": "a", "text": "Bifrost supports observability plugins like OTEL and Maxim."},
        {"id": "b", "text": "Bifrost can run in Kubernetes and ECS."},
        {"id": "c", "text": "Token counting is available at /v1/count_tokens."},
    ],
}
RESPONSE = {
    "results": [
        {
            "index": 0,
            "relevance_score": 0.98,
            "document": {"id": "a", "text": "Bifrost supports observability plugins like OTEL and Maxim."},
        },
        {
            "index": 2,
            "relevance_score": 0.63,
            "document": {"id": "c", "text": "Token counting is available at /v1/count_tokens."},
        },
    ],
    "model": "rerank-v3.5",
    "usage": {"prompt_tokens": 52, "completion_tokens": 0, "total_tokens": 52},
    "extra_fields": {"request_type": "rerank", "provider": "cohere", "latency": int, "chunk_index": 0},
}


def test_the_basic_request(configure: Configure) -> None:
    """
    Its documents are ranked, all of them, and do not come back.
    """
    with upstream(scored((0, 0.9), (2, 0.5), (1, 0.1))) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        response = rerank({**BASIC})

    assert response.status == 200
    assert [row["index"] for row in response.json["results"]] == [0, 2, 1]
    assert all(row.keys() == {"index", "relevance_score"} for row in response.json["results"])


def test_the_example_with_options(configure: Configure) -> None:
    """
    Answered with every field of the page's response.
    """
    with upstream(scored((0, 0.98), (2, 0.63), tokens=52)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        response = rerank({**WITH_OPTIONS})

    assert response.status == 200
    assert contains(response.json, RESPONSE)


@each(
    ("changes", "sent"),
    {
        "model: without the provider's prefix": ({}, {"model": "rerank-v3.5"}),
        "query": ({"query": "another"}, {"query": "another"}),
        "documents: with text, optional id and meta": (
            {"documents": [{"text": "a", "id": "1", "meta": {"n": 1}}]},
            {"documents": ["a"]},
        ),
        "top_n: a maximum": ({"top_n": 1}, {"top_n": 1}),
        "max_tokens_per_doc: by the provider": ({"max_tokens_per_doc": 512}, {"max_tokens_per_doc": 512}),
        "priority: a hint for the provider": ({"priority": 1}, {"priority": 1}),
    },
)
def test_what_the_provider_is_asked(configure: Configure, changes: dict[str, Any], sent: dict[str, Any]) -> None:
    """
    Each parameter arrives where it belongs.
    """
    with upstream(scored((0, 0.9))) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        response = rerank({**BASIC, "documents": [{"text": "a"}], "top_n": 1, **changes})

    assert response.status == 200
    assert contains(provider.questions[0].json, sent)


@pytest.mark.parametrize("returned", [True, False])
def test_return_documents(configure: Configure, returned: bool) -> None:
    """
    Includes the matched documents, with their own keys, in each result.
    """
    document = {"id": "a", "text": "a", "meta": {"n": 1}}
    response = rerank(documents=[document], return_documents=returned)

    assert response.json["results"][0].get("document") == (document if returned else None)


def test_fallbacks() -> None:
    """
    Models in provider/model format answer for one that cannot.
    """
    response = rerank({**BASIC, "fallbacks": ["jina/jina-reranker-v3", "local/bm25"]})

    assert (response.status, response.json["extra_fields"]["provider"]) == (200, "local")


@each(
    ("changes", "message"),
    {
        "missing query": ({"query": None}, "query is required for rerank"),
        "empty documents": ({"documents": []}, "documents are required for rerank"),
        "blank document text": (
            {"documents": [{"text": "a"}, {"text": " "}]},
            "document text is required for rerank at index 1",
        ),
        "top_n < 1": ({"top_n": 0}, "top_n must be at least 1"),
    },
)
def test_the_common_validation_errors(changes: dict[str, Any], message: str) -> None:
    """
    In exactly the page's words.
    """
    response = rerank({**BASIC, **changes})

    assert (response.status, response.json["error"]["message"]) == (400, message)
