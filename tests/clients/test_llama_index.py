"""LlamaIndex's rerankers, of Cohere and of Jina."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cohere
import pytest
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.postprocessor.cohere_rerank import CohereRerank
from llama_index.postprocessor.jinaai_rerank import JinaRerank

NODES = [NodeWithScore(node=TextNode(text=text)) for text in ("red pears", "green apples", "an apple")]


def cohere_reranker(gateway: str, key: str = "sk-local", model: str = "local/bm25") -> CohereRerank:
    return CohereRerank(base_url=gateway, api_key=key, model=model, top_n=2)


def jina_reranker(gateway: str, key: str = "sk-local", model: str = "local/bm25") -> JinaRerank:
    return JinaRerank(base_url=f"{gateway}/v1", api_key=key, model=model, top_n=2)


@pytest.mark.parametrize("reranker", [cohere_reranker, jina_reranker])
def test_nodes_come_back_best_first(reranker: Callable[..., Any], gateway: str) -> None:
    """
    The postprocessor finds results, indices and scores.
    """
    ranked = reranker(gateway).postprocess_nodes(NODES, query_str="green apples")

    assert [node.text for node in ranked] == ["green apples", "an apple"]


@pytest.mark.parametrize(
    ("reranker", "key", "model", "error", "words"),
    [
        (cohere_reranker, "wrong", "local/bm25", cohere.UnauthorizedError, "not known"),
        (cohere_reranker, "sk-local", "nobody/m", cohere.NotFoundError, "'nobody'"),
        (cohere_reranker, "sk-local", "vllm/busy", cohere.TooManyRequestsError, "429"),
        (jina_reranker, "wrong", "local/bm25", RuntimeError, "not known"),
        (jina_reranker, "sk-local", "nobody/m", RuntimeError, "'nobody'"),
        (jina_reranker, "sk-local", "vllm/busy", RuntimeError, "429"),
    ],
)
def test_its_own_error_with_our_words(
    reranker: Callable[..., Any], gateway: str, key: str, model: str, error: type[Exception], words: str
) -> None:
    """
    Both tell what we say, each in its way.
    """
    with pytest.raises(error, match=words):
        reranker(gateway, key, model).postprocess_nodes(NODES, query_str="green apples")
