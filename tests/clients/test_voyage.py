"""Voyage AI's client."""

from __future__ import annotations

from typing import Any

import pytest
import voyageai

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", max_retries: int = 0, **changes: Any) -> Any:
    client = voyageai.Client(base_url=f"{gateway}/voyage/v1", api_key=key, max_retries=max_retries)
    asked = {"model": "local/bm25", "query": "green apples", "documents": DOCUMENTS}

    return client.rerank(**{**asked, **changes})


def test_a_ranking(gateway: str) -> None:
    """
    Results and usage are where the client looks for them.
    """
    response = rerank(gateway, top_k=2)

    assert [row.document for row in response.results] == ["green apples", "an apple"]
    assert response.results[0].relevance_score > response.results[1].relevance_score
    assert response.total_tokens == 0


def test_patience(gateway: str, soon: str) -> None:
    """
    A client that was told to try again does so, and gets its ranking.
    """
    response = rerank(gateway, model=soon, max_retries=3)

    assert response.total_tokens == 7


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"key": "wrong"}, voyageai.error.AuthenticationError),
        ({"model": "nobody/m"}, voyageai.error.APIError),
        ({"documents": []}, voyageai.error.InvalidRequestError),
        ({"model": "vllm/busy"}, voyageai.error.RateLimitError),
    ],
)
def test_its_own_typed_errors(gateway: str, changes: dict[str, Any], error: type[Exception]) -> None:
    """
    Our statuses become Voyage's exceptions, with our words in them.
    """
    with pytest.raises(error) as raised:
        rerank(gateway, **changes)

    assert type(raised.value) is error
    assert str(raised.value)
