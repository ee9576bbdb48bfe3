"""LiteLLM, told that the gateway is Jina."""

from __future__ import annotations

from typing import Any

import litellm
import pytest

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, **changes: Any) -> Any:
    asked = {"model": "jina_ai/local/bm25", "query": "green apples", "documents": DOCUMENTS, "api_key": "sk-local"}

    return litellm.rerank(api_base=gateway, **{**asked, **changes})


def test_a_ranking_with_documents(gateway: str) -> None:
    """
    litellm.rerank asks for documents by default, and gets them.
    """
    response = rerank(gateway, top_n=2)

    assert [row["index"] for row in response.results] == [1, 2]
    assert response.results[0]["relevance_score"] > response.results[1]["relevance_score"]
    assert response.results[0]["document"]["text"] == "green apples"


def test_object_documents(gateway: str) -> None:
    """
    Objects are ranked by their text.
    """
    response = rerank(gateway, documents=[{"text": text} for text in DOCUMENTS])

    assert response.results[0]["index"] == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"api_key": "wrong"}, litellm.AuthenticationError),
        ({"model": "jina_ai/nobody/m"}, litellm.NotFoundError),
        ({"top_n": 0}, litellm.BadRequestError),
        ({"documents": []}, litellm.BadRequestError),
    ],
)
def test_its_own_typed_errors(gateway: str, changes: dict[str, Any], error: type[Exception]) -> None:
    """
    Our statuses become LiteLLM's exceptions.
    """
    with pytest.raises(error):
        rerank(gateway, **changes)
