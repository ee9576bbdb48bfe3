"""Applications that know rerankers by the server that runs them: a NIM, a score API, Ollama, Weaviate's container."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.rerank.app import handler
from tests.apps.application import (
    BEARER,
    DOCUMENTS,
    QUERY,
    WASHINGTON,
    post,
    sent_by_javascript,
    sent_by_requests,
    strictly,
)
from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, event, to_response


def sent_by_go(payload: Any) -> bytes:
    """*payload* as Go's json.Marshal writes it, which escapes what HTML could read."""
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)

    return text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e").encode()


def get(path: str) -> Response:
    return to_response(handler(event("info") | {"routeKey": f"GET {path}", "rawPath": path}, FakeContext()))


def test_weaviate_transformers() -> None:
    """
    No model, no content type, and a key that only an address can have; the scores are read in the order sent.
    """
    documents = [*DOCUMENTS, "<b>R&D</b>"]
    body = sent_by_go({"query": QUERY, "documents": documents, "property": ""})

    response = post("http://x:sk-local@gateway/weaviate/rerank", body, content_type="")

    scores = response.json["scores"]
    assert [strictly(str, row["document"]) for row in scores] == documents
    assert max(scores, key=lambda row: strictly(float, row["score"]))["document"] == WASHINGTON


def test_weaviate_transformers_reads_an_error() -> None:
    """
    A string, of which it makes its own message.
    """
    response = post("http://gateway/weaviate/rerank", sent_by_go({"query": QUERY, "documents": DOCUMENTS}))

    assert response.status == 401
    strictly(str, response.json["error"])


@pytest.mark.parametrize("path", ["/v1/retrieval/nvidia/reranking", "/v1/retrieval/nvidia/nv-rerank/reranking"])
def test_weaviate_nvidia(path: str) -> None:
    """
    Each row's index is a place among the documents, and its logit the score.
    """
    passages = [{"text": text} for text in DOCUMENTS]
    body = sent_by_go({"model": "local/bm25", "query": {"text": QUERY}, "passages": passages})

    response = post(f"http://gateway{path}", body, accept="application/json", **BEARER)

    scores = {strictly(int, row["index"]): strictly(float, row["logit"]) for row in response.json["rankings"]}
    assert sorted(scores) == [0, 1]
    assert scores[1] > scores[0]


RAGFLOW = {
    "/v1/retrieval/nvidia/reranking": "nv-rerank-qa-mistral-4b:1",
    "/v1/retrieval/nvidia/nv-rerankqa-mistral-4b-v3/reranking": "nvidia/nv-rerankqa-mistral-4b-v3",
}
"""What it makes of its base URL, for each of the models that it knows."""


@pytest.mark.parametrize(("path", "model"), RAGFLOW.items())
def test_ragflow_nvidia(path: str, model: str, configure: Configure) -> None:
    """
    With a `top_n`, which NVIDIA's own would refuse, and a model that an alias is called by.
    """
    configure(GATEWAY_CONFIG=f'[aliases."{model}"]\ntargets = ["local/bm25"]')
    payload = {
        "model": model,
        "query": {"text": QUERY},
        "passages": [{"text": text} for text in DOCUMENTS],
        "truncate": "END",
        "top_n": len(DOCUMENTS),
    }

    response = post(f"http://gateway{path}", sent_by_requests(payload), accept="application/json", **BEARER)

    ranks = [0.0, 0.0]
    for row in response.json["rankings"]:
        ranks[row["index"]] = strictly(float, row["logit"])
    assert ranks[1] > ranks[0]


@pytest.mark.parametrize("top_n", [None, 1])
def test_dify_ollama(top_n: int | None) -> None:
    """
    Text is what stands in `document`, or else its own.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS} | ({"top_n": top_n} if top_n else {})

    response = post("http://gateway/api/rerank", sent_by_requests(payload), **BEARER)

    best = response.json["results"][0]
    assert strictly(str, best.get("document", DOCUMENTS[strictly(int, best["index"])])) == WASHINGTON
    strictly(float, best["relevance_score"])
    assert len(response.json["results"]) == (top_n or 2)


@pytest.mark.parametrize("server", ["", "/tei"])
def test_dify_hugging_face(server: str) -> None:
    """
    It looks at the server first: without a reranker there, its settings cannot be saved.
    """
    info = get(f"{server}/info").json
    body = sent_by_javascript({"query": QUERY, "texts": DOCUMENTS, "return_text": True})
    rows = post(f"http://gateway{server}/rerank", body, **BEARER).json

    assert next(iter(info["model_type"])) == "reranker"
    assert strictly(int, info["max_input_length"]) > 0
    assert strictly(int, info["max_client_batch_size"]) > 0
    assert [strictly(str, row["text"]) for row in rows] == [DOCUMENTS[strictly(int, row["index"])] for row in rows]
    assert rows[0]["text"] == WASHINGTON
    strictly(float, rows[0]["score"])


def test_continue_voyage() -> None:
    """
    It throws unless each row has its document, and sorts the rows by their places.
    """
    body = sent_by_javascript({"query": QUERY, "documents": DOCUMENTS, "model": "local/bm25"})

    response = post("http://gateway/voyage/documents/v1/rerank", body, **BEARER)

    rows = sorted(response.json["data"], key=lambda row: strictly(int, row["index"]))
    assert [strictly(str, row["document"]) for row in rows] == DOCUMENTS
    assert strictly(float, rows[1]["relevance_score"]) > rows[0]["relevance_score"]


@pytest.mark.parametrize("path", ["/v1/score", "/score"])
@pytest.mark.parametrize("text_1", [QUERY, [QUERY, QUERY]], ids=["once", "for each"])
def test_clients_of_the_score_api(path: str, text_1: Any) -> None:
    """
    A query said once or for each document; scores by place.
    """
    payload = {"model": "local/bm25", "text_1": text_1, "text_2": DOCUMENTS}

    response = post(f"http://gateway{path}", sent_by_requests(payload), **BEARER)

    rows = response.json["data"]
    assert [(strictly(int, row["index"]), row["object"]) for row in rows] == [(0, "score"), (1, "score")]
    assert strictly(float, rows[1]["score"]) > strictly(float, rows[0]["score"])
    strictly(int, response.json["usage"]["total_tokens"])


@pytest.mark.parametrize("path", ["/compatible-api/v1/reranks", "/v1/reranks"])
def test_dashscope_s_compatible_clients(path: str) -> None:
    """
    As LightRAG's `cohere` binding sends it there.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": 1}

    response = post(f"http://gateway{path}", sent_by_requests(payload), **BEARER)

    assert [strictly(int, row["index"]) for row in response.json["results"]] == [1]
    strictly(float, response.json["results"][0]["relevance_score"])
