"""orq.ai's client."""

from __future__ import annotations

from typing import Any

import pytest
from orq_ai_sdk import Orq, models
from orq_ai_sdk.utils import BackoffStrategy, RetryConfig

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", **changes: Any) -> Any:
    client = Orq(server_url=gateway, api_key=key)
    asked = {"model": "local/bm25", "query": "green apples", "documents": DOCUMENTS}

    return client.router.rerank.create(**{**asked, **changes})


def test_a_ranking_with_documents(gateway: str) -> None:
    """
    Results, documents and usage are where the client looks for them.
    """
    response = rerank(gateway, top_n=2, return_documents=True)

    assert [row.index for row in response.results] == [1, 2]
    assert response.results[0].document.text == "green apples"
    assert response.usage.total_tokens == 0


def test_a_fallback(gateway: str) -> None:
    """
    The client's way to name a fallback is understood: a busy model gives way to it.
    """
    response = rerank(
        gateway,
        model="vllm/busy",
        fallbacks=[{"model": "local/bm25"}],
        retry={"count": 1, "on_codes": [503]},
        timeout={"call_timeout": 5000},
    )

    assert response.results[0].index == 1


def test_patience(gateway: str, soon: str) -> None:
    """
    A client that was told to try again does so when the provider has time.
    """
    patience = RetryConfig("backoff", BackoffStrategy(100, 1000, 1.5, 10_000), retry_connection_errors=False)

    response = rerank(gateway, model=soon, retries=patience)

    assert response.usage.total_tokens == 7


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"key": "wrong"}, models.APIErrorResponse, 401),
        ({"model": "nobody/m"}, models.APIDefaultError, 404),
        ({"documents": []}, models.APIDefaultError, 400),
        ({"model": "vllm/busy"}, models.APIDefaultError, 429),
    ],
)
def test_its_own_typed_errors(gateway: str, changes: dict[str, Any], error: type[Exception], status: int) -> None:
    """
    Our statuses become orq.ai's exceptions.
    """
    with pytest.raises(error) as raised:
        rerank(gateway, **changes)

    assert raised.value.status_code == status
