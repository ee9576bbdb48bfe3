"""LlamaIndex's Jina reranker."""

from __future__ import annotations

import pytest
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.postprocessor.jinaai_rerank import JinaRerank

NODES = [NodeWithScore(node=TextNode(text=text)) for text in ("red pears", "green apples", "an apple")]


def reranker(gateway: str, key: str = "sk-local", model: str = "local/bm25") -> JinaRerank:
    return JinaRerank(base_url=f"{gateway}/v1", api_key=key, model=model, top_n=2)


def test_nodes_come_back_best_first(gateway: str) -> None:
    """
    The postprocessor finds results, indices and scores.
    """
    ranked = reranker(gateway).postprocess_nodes(NODES, query_str="green apples")

    assert [node.text for node in ranked] == ["green apples", "an apple"]


@pytest.mark.parametrize(("key", "model", "words"), [("wrong", "local/bm25", "not known"), ("sk-local", "a/b", "'a'")])
def test_its_own_error_with_our_words(gateway: str, key: str, model: str, words: str) -> None:
    """
    The client raises what stands in `detail`.
    """
    with pytest.raises(RuntimeError, match=words):
        reranker(gateway, key, model).postprocess_nodes(NODES, query_str="green apples")
