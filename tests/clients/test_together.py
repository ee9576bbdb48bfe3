"""Together's client."""

from __future__ import annotations

import time
from typing import Any

import pytest
import together

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", max_retries: int = 0, **changes: Any) -> Any:
    client = together.Together(base_url=gateway, api_key=key, max_retries=max_retries)
    asked = {"model": "local/bm25", "query": "green apples", "documents": DOCUMENTS}

    return client.rerank.create(**{**asked, **changes})


def test_a_ranking(gateway: str) -> None:
    """
    Results, usage and model are where the client looks for them.
    """
    response = rerank(gateway, top_n=2)

    assert [row.index for row in response.results] == [1, 2]
    assert response.model == "bm25"
    assert response.usage.total_tokens == 0


def test_object_documents_with_rank_fields(gateway: str) -> None:
    """
    What is ranked is picked by rank_fields, what comes back is the whole document.
    """
    documents = [{"title": "green apples", "text": "no"}, {"title": "no", "text": "green apples"}]

    response = rerank(gateway, documents=documents, rank_fields=["title"], return_documents=True)

    assert response.results[0].index == 0
    assert response.results[0].document.text == "no"


def test_retry_after_is_honoured(gateway: str, soon: str) -> None:
    """
    The client waits for as long as the provider asks, and gets its ranking.
    """
    began = time.monotonic()

    response = rerank(gateway, model=soon, max_retries=2)

    assert response.results[0].index == 0
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"key": "wrong"}, together.AuthenticationError),
        ({"model": "nobody/m"}, together.NotFoundError),
        ({"documents": []}, together.BadRequestError),
        ({"model": "vllm/busy"}, together.RateLimitError),
    ],
)
def test_its_own_typed_errors(gateway: str, changes: dict[str, Any], error: type[Exception]) -> None:
    """
    Our statuses become Together's exceptions.
    """
    with pytest.raises(error):
        rerank(gateway, **changes)
