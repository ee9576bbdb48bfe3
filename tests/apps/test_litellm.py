"""LiteLLM, which hands its callers' documents on as they are, objects too, whichever API it speaks."""

from __future__ import annotations

import pytest

from tests.apps.application import BEARER, DOCUMENTS, QUERY, WASHINGTON, post, sent_by_requests, strictly

OBJECTS = [{"text": text} for text in DOCUMENTS]


def test_voyage() -> None:
    """
    It reads `data`, with documents as strings.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": OBJECTS, "top_k": 2, "return_documents": True}

    response = post("http://gateway/voyage/v1/rerank", sent_by_requests(payload), **BEARER)

    best = response.json["data"][0]
    assert (strictly(int, best["index"]), strictly(str, best["document"])) == (1, WASHINGTON)
    assert response.headers["x-gateway-warnings"] == "read: objects as documents"


@pytest.mark.parametrize("documents", [OBJECTS, DOCUMENTS])
def test_infinity(documents: object) -> None:
    """
    It reads `results`, with documents as strings, and counts tokens.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": documents, "top_n": 2, "return_documents": True}

    response = post("http://gateway/infinity/rerank", sent_by_requests(payload), **BEARER)

    best = response.json["results"][0]
    assert (strictly(int, best["index"]), strictly(str, best["document"])) == (1, WASHINGTON)
    strictly(int, response.json["usage"]["total_tokens"])
