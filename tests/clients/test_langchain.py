"""LangChain's Cohere reranker."""

from __future__ import annotations

import cohere
import pytest
from langchain_cohere import CohereRerank
from langchain_core.documents import Document

TEXTS = ["red pears", "green apples", "an apple"]


def reranker(gateway: str, key: str = "sk-local", model: str = "local/bm25") -> CohereRerank:
    return CohereRerank(base_url=gateway, cohere_api_key=key, model=model, top_n=2)


def test_a_compressor(gateway: str) -> None:
    """
    A retriever's documents come back best first, scored and with what else they carry.
    """
    documents = [Document(text, metadata={"page": page}) for page, text in enumerate(TEXTS)]

    ranked = reranker(gateway).compress_documents(documents, "green apples")

    assert [document.metadata["page"] for document in ranked] == [1, 2]
    assert ranked[0].metadata["relevance_score"] > ranked[1].metadata["relevance_score"]


def test_strings_objects_and_no_top_n(gateway: str) -> None:
    """
    What the client says of a missing top_n, null, means: all of them.
    """
    ranked = reranker(gateway).rerank([*TEXTS, {"title": "green apples"}], "green apples", top_n=None)

    assert ranked[0]["index"] == 1
    assert len(ranked) == 4


@pytest.mark.parametrize(
    ("key", "model", "error"),
    [
        ("wrong", "local/bm25", cohere.UnauthorizedError),
        ("sk-local", "nobody/m", cohere.NotFoundError),
        ("sk-local", "vllm/busy", cohere.TooManyRequestsError),
    ],
)
def test_typed_errors(gateway: str, key: str, model: str, error: type[Exception]) -> None:
    """
    Our statuses become Cohere's exceptions.
    """
    with pytest.raises(error):
        reranker(gateway, key, model).rerank(TEXTS, "green apples")
