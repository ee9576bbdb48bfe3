"""Xinference's client, which Dify and others use."""

from __future__ import annotations

import pytest
from xinference_client import RESTfulClient

DOCUMENTS = ["red pears", "green apples", "an apple"]


def test_a_model_is_looked_at_and_ranks(gateway: str) -> None:
    """
    The client asks whether to send its key, then what kind of model it is, and reads the ranking.
    """
    model = RESTfulClient(gateway, api_key="sk-local").get_model("default")

    ranked = model.rerank(DOCUMENTS, "green apples", top_n=2, return_documents=True)

    assert [row["index"] for row in ranked["results"]] == [1, 2]
    assert ranked["results"][0]["document"]["text"] == "green apples"
    assert isinstance(ranked["results"][0]["relevance_score"], float)


def test_models_are_listed(gateway: str) -> None:
    """
    By name, each as a reranker.
    """
    models = RESTfulClient(gateway, api_key="sk-local").list_models()

    assert {models["default"]["model_type"], models["local/bm25"]["model_type"]} == {"rerank"}


def test_an_error_says_what_is_wrong(gateway: str) -> None:
    """
    In the words that the client looks for.
    """
    client = RESTfulClient(gateway, api_key="sk-local")

    with pytest.raises(RuntimeError, match="there is no provider 'nobody'"):
        client.get_model("nobody/m")
    with pytest.raises(RuntimeError, match="top_n must be at least 1"):
        client.get_model("default").rerank(DOCUMENTS, "green apples", top_n=0)
    with pytest.raises(RuntimeError, match="key"):
        RESTfulClient(gateway, api_key="wrong").get_model("default")
