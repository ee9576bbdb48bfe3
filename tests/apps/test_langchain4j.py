"""LangChain4j, whose clients unbox what they read: a number that is missing is a NullPointerException."""

from __future__ import annotations

from tests.apps.application import BEARER, DOCUMENTS, QUERY, post, sent_by_javascript, strictly
from tests.functions.conftest import Configure
from tests.upstream import says, upstream

SILENT = {"results": [{"index": 1, "relevance_score": 1}, {"index": 0, "relevance_score": 0}]}
"""A provider that counts nothing."""


def test_cohere(configure: Configure) -> None:
    """
    `meta.billedUnits.searchUnits` is an int, whoever has ranked.
    """
    payload = {"model": "cohere/rerank-v3.5", "query": QUERY, "documents": DOCUMENTS}

    with upstream(says(SILENT)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.cohere]\nurl = "{provider.url}"', COHERE_API_KEY="k")
        answers = [
            post(f"http://gateway{path}", sent_by_javascript(payload), **BEARER)
            for path in ("/cohere/v1/rerank", "/v1/rerank", "/v2/rerank")
        ]

    for answer in answers:
        assert strictly(int, answer.json["meta"]["billed_units"]["search_units"]) == 1
        scores = {result["index"]: strictly(float, result["relevance_score"]) for result in answer.json["results"]}
        assert scores == {0: 0.0, 1: 1.0}


def test_jina() -> None:
    """
    It asks for no documents back, and unboxes the tokens.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "return_documents": False}

    response = post("http://gateway/v1/rerank", sent_by_javascript(payload), **BEARER)

    strictly(int, response.json["usage"]["total_tokens"])
    assert [strictly(int, result["index"]) for result in response.json["results"]] == [1, 0]


def test_voyage() -> None:
    """
    `usage.totalTokens`, and the index of each row.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_k": 2, "truncation": True}

    response = post("http://gateway/voyage/v1/rerank", sent_by_javascript(payload), **BEARER)

    strictly(int, response.json["usage"]["total_tokens"])
    assert [strictly(int, result["index"]) for result in response.json["data"]] == [1, 0]
    assert all(strictly(float, result["relevance_score"]) >= 0 for result in response.json["data"])
