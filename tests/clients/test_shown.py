"""Each line of Python in the table of clients works as it stands, and so does the README's example."""

from __future__ import annotations

import re
from typing import Any

import cohere
import dashscope
import litellm
import mixedbread
import pinecone
import pytest
import together
import voyageai
from haystack import Document
from haystack.utils import Secret
from haystack_integrations.components.rankers.cohere import CohereRanker
from haystack_integrations.components.rankers.jina import JinaRanker
from langchain_cohere import CohereRerank
from langchain_core.documents import Document as LangChainDocument
from langchain_nvidia_ai_endpoints import NVIDIARerank
from llama_index.core.schema import NodeWithScore, TextNode
from llama_index.postprocessor import cohere_rerank as llama_cohere
from llama_index.postprocessor.jinaai_rerank import JinaRerank
from openrouter import OpenRouter
from orq_ai_sdk import Orq
from xinference_client import RESTfulClient

from tests.pages import README, blocks, section

TEXTS = ["red pears", "green apples", "an apple"]
NAMES: dict[str, Any] = {
    "cohere": cohere,
    "dashscope": dashscope,
    "litellm": litellm,
    "mixedbread": mixedbread,
    "pinecone": pinecone,
    "together": together,
    "voyageai": voyageai,
    "CohereRanker": CohereRanker,
    "JinaRanker": JinaRanker,
    "Secret": Secret,
    "JinaRerank": JinaRerank,
    "NVIDIARerank": NVIDIARerank,
    "RESTfulClient": RESTfulClient,
    "OpenRouter": OpenRouter,
    "Orq": Orq,
    "KEY": "sk-local",
    "query": "green apples",
    "documents": TEXTS,
}
NAMES_OF = {
    "LangChain, Cohere": {"CohereRerank": CohereRerank},
    "LangChain, NVIDIA": {"documents": [LangChainDocument(text) for text in TEXTS]},
    "LlamaIndex": {
        "CohereRerank": llama_cohere.CohereRerank,
        "nodes": [NodeWithScore(node=TextNode(text=text)) for text in TEXTS],
    },
    "Haystack": {"documents": [Document(content=text) for text in TEXTS]},
}
"""What the same name means to one client alone."""

TABLE = section("clients.md", "Keep your client")
LINES = re.findall(r"^\| ([^|]+) \|[^|]*\| `(?!await )([^`]+)` \|$", TABLE, re.MULTILINE)


@pytest.mark.parametrize(("client", "line"), LINES)
def test_a_line(client: str, line: str, gateway: str) -> None:
    """
    The line ranks green apples first.
    """
    own = NAMES_OF.get(client) or NAMES_OF.get(client.partition(",")[0], {})

    response = eval(line, {**NAMES, **own, "URL": gateway})

    assert _best(response) in (1, "green apples")


def test_the_readme(gateway: str, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What stands in the README ranks, and prints what stands beside it.
    """
    [shown] = blocks(README, "python")

    exec(shown.replace("http://127.0.0.1:8080", gateway), {})

    assert capsys.readouterr().out == shown.rpartition("# ")[2]


def _best(response: Any) -> Any:
    """What the client has first: its index, or the document itself."""
    rows = response["documents"] if isinstance(response, dict) else response
    for name in ("results", "data"):
        rows = getattr(rows, name, rows)
    if isinstance(rows[0], dict):
        return rows[0]["index"]

    return next(
        getattr(rows[0], name) for name in ("index", "content", "page_content", "text") if hasattr(rows[0], name)
    )
