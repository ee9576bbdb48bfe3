"""The other addresses of each API."""

from __future__ import annotations

import pytest

from tests.functions.apis import post, rows


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("rerank", "/rerank"),
        ("rerank", "/jina/v1/rerank"),
        ("rerank", "/together/v1/rerank"),
        ("rerank", "/vllm/v1/rerank"),
        ("rerank", "/vllm/rerank"),
        ("cohere", "/cohere/v1/rerank"),
        ("cohere", "/cohere/v2/rerank"),
        ("openrouter", "/openrouter/api/v1/rerank"),
        ("orq", "/orq/v2/router/rerank"),
        ("mixedbread", "/mixedbread/v1/reranking"),
        ("tei", "/rerank"),
    ],
)
def test_each_other_address_answers_alike(name: str, path: str) -> None:
    """
    Base URLs have their habits; an API is the same under each of its addresses.
    """
    other, usual = post(name, path=path), post(name)

    assert other.status == 200
    assert rows(other.json) == rows(usual.json)
