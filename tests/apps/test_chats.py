"""Chats, editors and assistants, as their code has it."""

from __future__ import annotations

import io
import json

import pytest

from rerank_gateway.entry import observability
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
from tests.functions.conftest import Configure
from tests.functions.rankers import ranker

JINA = "jina-reranker-v2-base-multilingual"
"""LibreChat's only one."""


@pytest.mark.parametrize("by_alias", [True, False])
def test_librechat_jina(configure: Configure, by_alias: bool) -> None:
    """
    Its model is fixed: Jina's own where there is a key, or whatever the operator has put under that name.
    """
    payload = {"model": JINA, "query": QUERY, "top_n": 5, "documents": DOCUMENTS, "return_documents": True}

    with ranker() as provider:
        at = f'[providers.jina]\nurl = "{provider.url}"'
        alias = f'[aliases."{JINA}"]\ntargets = ["local/bm25"]'
        configure(GATEWAY_CONFIG=alias if by_alias else at, JINA_API_KEY="" if by_alias else "k")
        response = post("http://gateway/v1/rerank", sent_by_javascript(payload), **BEARER)

    highlights = [
        (strictly(str, result["document"]["text"]), strictly(float, result["relevance_score"]))
        for result in response.json["results"]
    ]
    assert sorted(text for text, _ in highlights) == sorted(DOCUMENTS)


def test_open_webui(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It wants a score for every document, and says for whom it asks.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": len(DOCUMENTS)}
    user = {"x_openwebui_user_name": "Ada", "x_openwebui_user_id": "7f0c", "x_openwebui_user_email": "ada@b.example"}

    response = post("http://gateway/v1/rerank", sent_by_requests(payload), **BEARER, **user)

    in_order = sorted(response.json["results"], key=lambda result: strictly(int, result["index"]))
    nevada, washington = (strictly(float, result["relevance_score"]) for result in in_order)
    assert nevada < washington
    assert json.loads(log.getvalue())["end_user"]
    assert not any(said in log.getvalue() for said in ("7f0c", "Ada", "b.example"))


def test_continue_cohere() -> None:
    """
    Its base ends in a slash.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS}

    response = post("http://gateway/v2/rerank", sent_by_javascript(payload), **BEARER)

    results = sorted(response.json["results"], key=lambda result: strictly(int, result["index"]))
    assert all(strictly(float, result["relevance_score"]) >= 0 for result in results)


@pytest.mark.parametrize("path", ["/v2/rerank", "/v1/rerank"])
def test_lightrag_cohere_and_jina(path: str) -> None:
    """
    The whole address is typed.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": 2}

    response = post(f"http://gateway{path}", sent_by_requests(payload), **BEARER)

    ranked = [{"index": each["index"], "relevance_score": each["relevance_score"]} for each in response.json["results"]]
    assert DOCUMENTS[strictly(int, ranked[0]["index"])] == WASHINGTON


def test_flowise_azure() -> None:
    """
    Its key stands in `api-key`.
    """
    payload = {"model": "local/bm25", "query": QUERY, "documents": DOCUMENTS, "top_n": 2, "return_documents": False}

    response = post("http://gateway/v1/rerank", sent_by_javascript(payload), api_key="sk-local")

    assert strictly(int, response.json["results"][0]["index"]) == 1


def test_lang_chain_documents() -> None:
    """
    Whoever hands documents on as they are sends `page_content`.
    """
    documents = [{"page_content": text, "metadata": {"source": "a.md"}, "type": "Document"} for text in DOCUMENTS]
    payload = {"model": "local/bm25", "query": QUERY, "documents": documents, "return_documents": True}

    response = post("http://gateway/v1/rerank", sent_by_requests(payload), **BEARER)

    best = response.json["results"][0]["document"]
    assert (best["text"], best["page_content"], best["metadata"]) == (WASHINGTON, WASHINGTON, {"source": "a.md"})
