"""Mixedbread's client."""

from __future__ import annotations

import time
from typing import Any

import mixedbread
import pytest

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", max_retries: int = 0, **changes: Any) -> Any:
    client = mixedbread.Mixedbread(base_url=gateway, api_key=key, max_retries=max_retries)
    asked = {"model": "local/bm25", "query": "green apples", "input": DOCUMENTS}

    return client.rerank(**{**asked, **changes})


def test_a_ranking_with_input(gateway: str) -> None:
    """
    Results, usage and what was asked are where the client looks for them.
    """
    response = rerank(gateway, top_k=2, return_input=True)

    assert [row.index for row in response.data] == [1, 2]
    assert response.data[0].score > response.data[1].score
    assert response.data[0].input == "green apples"
    assert (response.top_k, response.return_input, response.usage.total_tokens) == (2, True, 0)


def test_object_documents_with_rank_fields(gateway: str) -> None:
    """
    What is ranked is picked by rank_fields, what comes back is the whole document.
    """
    documents = [{"title": "green apples", "text": "no"}, {"title": "no", "text": "green apples"}]

    response = rerank(gateway, input=documents, rank_fields=["title"], return_input=True)

    assert response.data[0].input == documents[0]


def test_retry_after_is_honoured(gateway: str, soon: str) -> None:
    """
    The client waits for as long as the provider asks, and gets its ranking.
    """
    began = time.monotonic()

    response = rerank(gateway, model=soon, max_retries=2)

    assert response.data[0].index == 0
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"key": "wrong"}, mixedbread.AuthenticationError),
        ({"model": "nobody/m"}, mixedbread.NotFoundError),
        ({"input": []}, mixedbread.BadRequestError),
        ({"model": "vllm/busy"}, mixedbread.RateLimitError),
    ],
)
def test_its_own_typed_errors(gateway: str, changes: dict[str, Any], error: type[Exception]) -> None:
    """
    Our statuses become Mixedbread's exceptions.
    """
    with pytest.raises(error):
        rerank(gateway, **changes)
