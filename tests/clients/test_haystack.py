"""Haystack's rankers, of Cohere and of Jina."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cohere
import pytest
from haystack import Document
from haystack.utils import Secret
from haystack_integrations.components.rankers.cohere import CohereRanker
from haystack_integrations.components.rankers.jina import JinaRanker

DOCUMENTS = [Document(content=text) for text in ("red pears", "green apples", "an apple")]


def cohere_ranker(gateway: str, key: str = "sk-local", model: str = "local/bm25") -> Any:
    return CohereRanker(api_base_url=gateway, api_key=Secret.from_token(key), model=model)


def jina_ranker(gateway: str, key: str = "sk-local", model: str = "local/bm25") -> Any:
    return JinaRanker(base_url=f"{gateway}/v1/rerank", api_key=Secret.from_token(key), model=model)


RANKERS = [cohere_ranker, jina_ranker]


@pytest.mark.parametrize("ranker", RANKERS)
@pytest.mark.parametrize("top_k", [None, 2])
def test_documents_come_back_best_first(ranker: Callable[..., Any], gateway: str, top_k: int | None) -> None:
    """
    Documents are found again by our indices, and scored.
    """
    ranked = ranker(gateway).run(query="green apples", documents=DOCUMENTS, top_k=top_k)["documents"]

    assert [document.content for document in ranked] == ["green apples", "an apple", "red pears"][:top_k]
    assert ranked[0].score > ranked[1].score


@pytest.mark.parametrize(
    ("ranker", "key", "model", "error", "words"),
    [
        (cohere_ranker, "wrong", "local/bm25", cohere.UnauthorizedError, "not known"),
        (cohere_ranker, "sk-local", "nobody/m", cohere.NotFoundError, "'nobody'"),
        (cohere_ranker, "sk-local", "vllm/busy", cohere.TooManyRequestsError, "429"),
        (jina_ranker, "wrong", "local/bm25", RuntimeError, "not known"),
        (jina_ranker, "sk-local", "nobody/m", RuntimeError, "'nobody'"),
        (jina_ranker, "sk-local", "vllm/busy", RuntimeError, "429"),
    ],
)
def test_its_own_errors_with_our_words(
    ranker: Callable[..., Any], gateway: str, key: str, model: str, error: type[Exception], words: str
) -> None:
    """
    Both tell what we say, each in its way.
    """
    with pytest.raises(error, match=words):
        ranker(gateway, key, model).run(query="green apples", documents=DOCUMENTS)


def test_no_documents(gateway: str) -> None:
    """
    Cohere's ranker sends a question without documents, and hears that it is none.
    """
    with pytest.raises(cohere.BadRequestError, match="documents are required"):
        cohere_ranker(gateway).run(query="green apples", documents=[])
