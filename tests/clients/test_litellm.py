"""LiteLLM, told that the gateway is one of the providers that it knows."""

from __future__ import annotations

import asyncio
from typing import Any

import litellm
import pytest

DOCUMENTS = ["red pears", "green apples", "an apple"]
PATHS = {
    "cohere": "",
    "jina_ai": "",
    "together_ai": "/together/v1",
    "hosted_vllm": "/vllm/v1",
    "voyage": "/voyage/v1",
    "infinity": "/infinity",
    "litellm_proxy": "",
}
"""By LiteLLM's name of the provider: what comes after the gateway's address."""

each_provider = pytest.mark.parametrize("provider", PATHS)


def call(provider: str, gateway: str, model: str = "local/bm25", **changes: Any) -> dict[str, Any]:
    asked = {"query": "green apples", "documents": DOCUMENTS, "api_key": "sk-local"}

    return {"model": f"{provider}/{model}", "api_base": gateway + PATHS[provider], **asked, **changes}


@each_provider
def test_a_ranking_with_documents(provider: str, gateway: str) -> None:
    """
    litellm.rerank asks for documents by default, and gets them wherever it passes the wish on.
    """
    response = litellm.rerank(**call(provider, gateway, top_n=2))

    assert [row["index"] for row in response.results] == [1, 2]
    assert response.results[0]["relevance_score"] > response.results[1]["relevance_score"]
    assert response.results[0]["document"]["text"] == "green apples"


@each_provider
def test_a_ranking_without_documents(provider: str, gateway: str) -> None:
    """
    litellm.arerank does not ask for documents.
    """
    response = asyncio.run(litellm.arerank(**call(provider, gateway)))

    assert [row["index"] for row in response.results] == [1, 2, 0]


@pytest.mark.parametrize("provider", [name for name in PATHS if name not in ("voyage", "infinity")])
def test_object_documents(provider: str, gateway: str) -> None:
    """
    Objects are ranked by their text.
    """
    documents = [{"text": text} for text in DOCUMENTS]

    response = litellm.rerank(**call(provider, gateway, documents=documents))

    assert response.results[0]["index"] == 1


@each_provider
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"api_key": "wrong"}, litellm.AuthenticationError),
        ({"model": "nobody/m"}, litellm.NotFoundError),
        ({"top_n": 0}, litellm.BadRequestError),
        ({"documents": []}, litellm.BadRequestError),
        ({"model": "vllm/busy"}, litellm.RateLimitError),
    ],
)
def test_its_own_typed_errors(provider: str, gateway: str, changes: dict[str, Any], error: type[Exception]) -> None:
    """
    Our statuses become LiteLLM's exceptions.
    """
    with pytest.raises(error):
        litellm.rerank(**call(provider, gateway, **changes))
