"""LightRAG's rerank functions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from lightrag.rerank import ali_rerank, cohere_rerank, jina_rerank

DOCUMENTS = ["red pears", "green apples", "an apple"]
DASHSCOPE = "/api/v1/services/rerank/text-rerank/text-rerank"
Rerank = Callable[..., Awaitable[list[dict[str, Any]]]]


def ranked(rerank: Rerank, url: str, key: str = "sk-local", **options: Any) -> list[dict[str, Any]]:
    call = rerank("green apples", DOCUMENTS, api_key=key, model="local/bm25", base_url=url, **options)

    return asyncio.run(_result(call))


async def _result(call: Awaitable[Any]) -> Any:
    return await call


@pytest.mark.parametrize(
    ("rerank", "path"),
    [
        (ali_rerank, DASHSCOPE),
        (cohere_rerank, "/v2/rerank"),
        (cohere_rerank, "/v1/reranks"),
        (jina_rerank, "/v1/rerank"),
    ],
    ids=["aliyun", "cohere", "cohere at DashScope's compatible route", "jina"],
)
def test_each_of_its_bindings_reads_its_ranking(gateway: str, rerank: Rerank, path: str) -> None:
    """
    The full address is what one sets, and pairs of index and score are what it keeps.
    """
    rows = ranked(rerank, gateway + path, top_n=2)

    assert [row["index"] for row in rows] == [1, 2]
    assert rows[0]["relevance_score"] > rows[1]["relevance_score"]
