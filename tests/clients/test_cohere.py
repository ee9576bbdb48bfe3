"""Cohere's client, in both versions of its API."""

from __future__ import annotations

import time
from typing import Any

import cohere
import pytest

DOCUMENTS = ["red pears", "green apples", "an apple"]
CLIENTS = [cohere.Client, cohere.ClientV2]
ONCE = {"max_retries": 0}


def rerank(client: type[Any], gateway: str, key: str = "sk-local", **changes: Any) -> Any:
    asked = {"model": "local/bm25", "query": "green apples", "documents": DOCUMENTS}

    return client(base_url=gateway, api_key=key).rerank(**{**asked, **changes})


@pytest.mark.parametrize("client", CLIENTS)
def test_a_ranking(client: type[Any], gateway: str) -> None:
    """
    Results and usage are where the client looks for them.
    """
    response = rerank(client, gateway, top_n=2)

    assert [row.index for row in response.results] == [1, 2]
    assert response.results[0].relevance_score > response.results[1].relevance_score
    assert response.meta.billed_units is not None
    assert response.id


def test_object_documents_with_rank_fields(gateway: str) -> None:
    """
    In version 1 objects are ranked by chosen fields, and come back whole.
    """
    documents = [{"title": "green apples", "text": "no"}, {"title": "no", "text": "green apples"}]

    response = rerank(cohere.Client, gateway, documents=documents, rank_fields=["title"], return_documents=True)

    assert response.results[0].index == 0
    assert response.results[0].document.text == "no"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_prefix(client: type[Any], gateway: str) -> None:
    """
    The address that is Cohere's alone counts its tokens, too.
    """
    response = rerank(client, f"{gateway}/cohere")

    assert response.results[0].index == 1
    assert response.meta.tokens.input_tokens == 0


@pytest.mark.parametrize("client", CLIENTS)
def test_retry_after_is_honoured(client: type[Any], gateway: str, soon: str) -> None:
    """
    The client waits for as long as the provider asks, and gets its ranking.
    """
    began = time.monotonic()

    response = rerank(client, gateway, model=soon)

    assert response.results[0].index == 0
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"key": "wrong"}, cohere.UnauthorizedError),
        ({"model": "nobody/m"}, cohere.NotFoundError),
        ({"documents": []}, cohere.BadRequestError),
        ({"model": "vllm/busy", "request_options": ONCE}, cohere.TooManyRequestsError),
    ],
)
def test_its_own_typed_errors(client: type[Any], gateway: str, changes: dict[str, Any], error: type[Exception]) -> None:
    """
    Our statuses become Cohere's exceptions, with our words in them.
    """
    with pytest.raises(error) as raised:
        rerank(client, gateway, **changes)

    assert raised.value.body["message"]
