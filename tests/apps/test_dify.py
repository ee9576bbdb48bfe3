"""Dify: its plugins for rerankers, as their code has it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.apps.application import BEARER, DOCUMENTS, QUERY, WASHINGTON, post, sent_by_requests, strictly
from tests.functions.conftest import Configure
from tests.functions.gateway import Response
from tests.functions.rankers import ranker

PICTURE = "data:image/png;base64,iVBORw0KGgo="


def read_as_openai_compatible(response: Response, documents: list[Any]) -> list[tuple[Any, float]]:
    """Texts and scores: the best has 1 and the worst 0."""
    assert response.status == 200
    results = response.json["results"]
    scores = [strictly(float, result["relevance_score"]) for result in results]
    spread = (max(scores) - min(scores)) or 1.0

    return [
        (
            (result.get("document") or {}).get("text", documents[strictly(int, result["index"])]),
            (result["relevance_score"] - min(scores)) / spread,
        )
        for result in results
    ]


@pytest.mark.parametrize("top_n", [None, 1, 4])
@pytest.mark.parametrize("base", ["http://gateway/v1", "http://gateway/jina/v1", "http://gateway"])
def test_openai_compatible_and_jina(base: str, top_n: int | None) -> None:
    """
    `top_n` is null unless a user sets it.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": top_n, "return_documents": True}

    read = read_as_openai_compatible(post(f"{base}/rerank", sent_by_requests(payload), **BEARER), DOCUMENTS)

    assert read[0][0] == WASHINGTON
    assert len(read) == min(top_n or 2, 2)


def test_openai_compatible_with_pictures(configure: Configure) -> None:
    """
    In OpenAI's content parts, for a model that sees.
    """
    text = {"content": [{"type": "text", "text": WASHINGTON}]}
    picture = {"content": [{"type": "image_url", "image_url": {"url": PICTURE}}]}
    documents = [text, picture]
    payload = {"model": "seeing", "query": QUERY, "documents": documents, "top_n": 2, "return_documents": True}

    with ranker() as provider:
        aliases = '[aliases.seeing]\ntargets = ["jina/jina-reranker-m0"]'
        configure(GATEWAY_CONFIG=f'{aliases}\n[providers.jina]\nurl = "{provider.url}"', JINA_API_KEY="k")
        read = read_as_openai_compatible(
            post("http://gateway/v1/rerank", sent_by_requests(payload), **BEARER), documents
        )

    assert len(read) == 2
    assert [sorted(document) for document in provider.requests[0]["documents"]] == [["text"], ["image"]]


def test_vllm_with_pictures(configure: Configure) -> None:
    """
    In vLLM's own way: all documents are the parts of one content.
    """
    parts = [{"type": "text", "text": WASHINGTON}, {"type": "image_url", "image_url": {"url": PICTURE}}]
    payload = {"model": "jina/jina-reranker-m0", "query": QUERY, "documents": {"content": parts}, "top_n": 2}

    with ranker() as provider:
        configure(GATEWAY_CONFIG=f'[providers.jina]\nurl = "{provider.url}"', JINA_API_KEY="k")
        response = post("http://gateway/vllm/rerank", sent_by_requests(payload), **BEARER)

    assert [strictly(int, result["index"]) for result in response.json["results"]] == [0, 1]


def test_top_k_of_zero_says_what_to_type() -> None:
    """
    Dify means "all" by it; Bifrost documents this message.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": 0, "return_documents": True}

    response = post("http://gateway/v1/rerank", sent_by_requests(payload), **BEARER)

    assert (response.status, response.json["message"]) == (400, "top_n must be at least 1")


@pytest.mark.parametrize("name", ["default", "bm25"])
def test_mixedbread(name: str) -> None:
    """
    Dify writes `mixedbread-ai/` before each name.
    """
    payload = {"model": f"mixedbread-ai/{name}", "query": QUERY, "input": DOCUMENTS, "top_k": 2, "return_input": True}

    response = post("http://gateway/v1/reranking", sent_by_requests(payload), **BEARER)

    best = response.json["data"][0]
    assert (strictly(int, best["index"]), strictly(str, best["input"])) == (1, WASHINGTON)
    strictly(float, best["score"])


def test_voyage() -> None:
    """
    Documents come back as strings.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_k": 2, "return_documents": True}

    response = post("http://gateway/voyage/v1/rerank", sent_by_requests(payload), **BEARER)

    best = response.json["data"][0]
    assert (strictly(int, best["index"]), strictly(str, best["document"])) == (1, WASHINGTON)
    strictly(float, best["relevance_score"])


def test_cohere() -> None:
    """
    By Cohere's own client, which looks at no more than this.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": 2}

    response = post("http://gateway/v2/rerank", sent_by_requests(payload), **BEARER)

    assert strictly(int, response.json["results"][0]["index"]) == 1
    strictly(float, response.json["results"][0]["relevance_score"])
