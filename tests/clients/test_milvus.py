"""
Milvus's model functions. Those of its package that ask a server are loaded without its `__init__`, which wants
transformers and an ONNX runtime for models of one's own. The one for Cohere works with cohere before 5.16 alone.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any

import pytest
import voyageai

SPEC = find_spec("milvus_model")
assert SPEC
sys.modules[SPEC.name] = module_from_spec(SPEC)
JINA = import_module("milvus_model.reranker.jinaai")
VOYAGE = import_module("milvus_model.reranker.voyageai")
QUERY, DOCUMENTS = "green apples", ["red pears", "green apples", "an apple"]


def jina(gateway: str, key: str = "sk-local") -> Any:
    """Its address is a constant of the module; it reads documents that it has not asked for."""
    JINA.API_URL = f"{gateway}/api/v1/rerank"

    return JINA.JinaRerankFunction("local/bm25", api_key=key)


def voyage(gateway: str, key: str = "sk-local") -> Any:
    """It takes no address, but has a client that can be another one."""
    function = VOYAGE.VoyageRerankFunction("local/bm25", api_key=key)
    function.client = voyageai.Client(api_key=key, base_url=f"{gateway}/voyage/v1")

    return function


@pytest.mark.parametrize("function", [jina, voyage])
def test_a_ranking(function: Any, gateway: str) -> None:
    """
    Index, score and text of each.
    """
    rows = function(gateway)(QUERY, DOCUMENTS, top_k=2)

    assert [(row.index, row.text) for row in rows] == [(1, "green apples"), (2, "an apple")]
    assert rows[0].score > rows[1].score


def test_a_bad_key(gateway: str) -> None:
    """
    Voyage's client says so.
    """
    with pytest.raises(voyageai.error.AuthenticationError):
        voyage(gateway, "wrong")(QUERY, DOCUMENTS)
