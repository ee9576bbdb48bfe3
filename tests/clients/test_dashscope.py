"""DashScope's own client."""

from __future__ import annotations

from typing import Any

import dashscope
import pytest

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", **changes: Any) -> Any:
    asked = {"model": "local/bm25", "query": "green apples", "documents": DOCUMENTS}

    return dashscope.TextReRank.call(**{**asked, **changes}, api_key=key, base_address=f"{gateway}/api/v1")


def test_a_ranking_with_documents(gateway: str) -> None:
    """
    Results, documents and usage are where the client looks for them.
    """
    response = rerank(gateway, top_n=2, return_documents=True)

    assert response.status_code == 200
    assert [row.index for row in response.output.results] == [1, 2]
    assert response.output.results[0]["document"]["text"] == "green apples"
    assert (response.usage.total_tokens, bool(response.request_id)) == (0, True)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"key": "wrong"}, 401, "InvalidApiKey"),
        ({"model": "nobody/m"}, 404, "ModelNotFound"),
        ({"top_n": 0}, 400, "InvalidParameter"),
        ({"model": "vllm/busy"}, 429, "Throttling"),
    ],
)
def test_its_own_codes(gateway: str, changes: dict[str, Any], status: int, code: str) -> None:
    """
    The client does not raise: it has the status, DashScope's word, and our message.
    """
    response = rerank(gateway, **changes)

    assert (response.status_code, response.code) == (status, code)
    assert response.message
