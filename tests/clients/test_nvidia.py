"""NVIDIA's client in LangChain."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_nvidia_ai_endpoints import NVIDIARerank

TEXTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", model: str = "local/bm25", **options: Any) -> Any:
    client = NVIDIARerank(base_url=gateway, model=model, nvidia_api_key=key, **options)

    return client.compress_documents(
        [Document(text, metadata={"n": n}) for n, text in enumerate(TEXTS)], "green apples"
    )


def test_a_ranking_with_logits(gateway: str) -> None:
    """
    Documents with their metadata, the best first, and none but numbers as scores.
    """
    ranked = rerank(gateway, top_n=2, truncate="END")

    assert [(document.page_content, document.metadata["n"]) for document in ranked] == [(TEXTS[1], 1), (TEXTS[2], 2)]
    assert ranked[0].metadata["relevance_score"] > ranked[1].metadata["relevance_score"]


def test_batches_are_one_ranking(gateway: str) -> None:
    """
    The client sends so many at a time, and sorts by logit what comes back.
    """
    assert rerank(gateway, max_batch_size=1)[0].page_content == TEXTS[1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"key": "wrong"}, "401"), ({"model": "nobody/m"}, "404"), ({"model": "vllm/busy"}, "429")],
)
def test_an_error_has_its_status(gateway: str, changes: dict[str, Any], words: str) -> None:
    """
    The client has one exception, with the status in its words.
    """
    with pytest.raises(Exception, match=words):
        rerank(gateway, **changes)
