"""RAGFlow: its rerank models, as their code has it."""

from __future__ import annotations

import pytest

from tests.apps.application import BEARER, DEFAULT, DOCUMENTS, QUERY, post, sent_by_requests, strictly
from tests.functions.conftest import Configure
from tests.functions.gateway import Response

JSON = {"content_type": "application/json", "accept": "application/json"}


def scores(response: Response) -> list[float]:
    """One for each document, in the order in which they were sent."""
    assert response.status == 200
    rank = [0.0] * len(DOCUMENTS)
    for result in response.json["results"]:
        rank[strictly(int, result["index"])] = strictly(float, result["relevance_score"])

    return rank


def test_xinference() -> None:
    """
    Booleans are strings.
    """
    payload = {
        "model": "local/bm25",
        "query": QUERY,
        "return_documents": "true",
        "return_len": "true",
        "documents": DOCUMENTS,
    }

    response = post("http://gateway/v1/rerank", sent_by_requests(payload), **JSON, **BEARER)

    nevada, washington = scores(response)
    assert nevada < washington
    assert response.headers["x-gateway-warnings"] == "ignored: return_len; read: return_documents as a boolean"


@pytest.mark.parametrize("address", ["http://x:sk-local@gateway/tei", "http://sk-local:@gateway"])
def test_hugging_face(configure: Configure, address: str) -> None:
    """
    No model and no key but the one in the address.
    """
    configure(GATEWAY_CONFIG=DEFAULT)
    payload = {"query": QUERY, "texts": DOCUMENTS, "raw_scores": False, "truncate": True}

    response = post(f"{address}/rerank", sent_by_requests(payload))

    rank = {strictly(int, row["index"]): strictly(float, row["score"]) for row in response.json}
    assert rank[0] < rank[1]


def test_hugging_face_without_a_key_is_a_401() -> None:
    """
    In the shape of Text Embeddings Inference.
    """
    response = post("http://gateway/tei/rerank", sent_by_requests({"query": QUERY, "texts": DOCUMENTS}))

    assert (response.status, set(response.json)) == (401, {"error", "error_type"})


@pytest.mark.parametrize("base", ["http://gateway/v1", "http://gateway/jina/v1", "http://gateway/vllm"])
def test_jina_siliconflow_local_ai_and_openai_compatible(base: str) -> None:
    """
    They count tokens as well.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": len(DOCUMENTS)}

    response = post(f"{base}/rerank", sent_by_requests(payload), **BEARER)

    nevada, washington = scores(response)
    assert nevada < washington
    strictly(int, response.json["usage"]["total_tokens"])
