"""Pinecone's inference client."""

from __future__ import annotations

import time
from typing import Any

import pinecone
import pytest
from pinecone.errors import exceptions

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", retries: int = 0, **changes: Any) -> Any:
    client = pinecone.Pinecone(
        host=f"{gateway}/pinecone", api_key=key, retry_config=pinecone.RetryConfig(max_retries=retries)
    )
    asked = {"model": "local/bm25", "query": "green apples", "documents": DOCUMENTS}

    return client.inference.rerank(**{**asked, **changes})


def test_a_ranking_with_documents(gateway: str) -> None:
    """
    The client asks for documents by default, and gets them.
    """
    response = rerank(gateway, top_n=2)

    assert [row.index for row in response.data] == [1, 2]
    assert response.data[0].document == {"text": "green apples"}
    assert response.usage.rerank_units == 1


def test_object_documents_with_rank_fields(gateway: str) -> None:
    """
    What is ranked is picked by rank_fields, what comes back is the whole document.
    """
    documents = [{"id": "a", "title": "green apples"}, {"id": "b", "title": "no"}]

    response = rerank(gateway, documents=documents, rank_fields=["title"])

    assert response.data[0].document == {"id": "a", "title": "green apples"}


def test_retry_after_is_honoured(gateway: str, soon: str) -> None:
    """
    The client waits for as long as the provider asks, and gets its ranking.
    """
    began = time.monotonic()

    response = rerank(gateway, model=soon, retries=3)

    assert response.data[0].index == 0
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"key": "wrong"}, exceptions.UnauthorizedError, 401),
        ({"model": "nobody/m"}, exceptions.NotFoundError, 404),
        ({"documents": [{"text": ""}]}, exceptions.ApiError, 400),
        ({"model": "vllm/busy"}, exceptions.RateLimitError, 429),
    ],
)
def test_its_own_typed_errors(gateway: str, changes: dict[str, Any], error: type[Exception], status: int) -> None:
    """
    Our statuses become Pinecone's exceptions.
    """
    with pytest.raises(error) as raised:
        rerank(gateway, **changes)

    assert raised.value.status_code == status
