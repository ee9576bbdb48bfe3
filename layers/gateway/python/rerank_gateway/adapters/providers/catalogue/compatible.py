"""
Any other server with Cohere's and Jina's API, at the operator's address: GPUStack, LocalAI, Lemonade, AIHubMix,
ModelArts and the like. Only what all of them read is sent. One that responds with `data` is `like = "voyage"` or
`"fireworks"`, and one that responds with a bare list is `like = "tei"` or `"sglang"`.
"""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect


def _row(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row["index"], row["relevance_score"] if "relevance_score" in row else row["score"]


PROVIDER = Provider(
    name="compatible",
    title="Compatible with Cohere or Jina",
    dialect=Dialect(words={"top_n": "top_n"}, row=_row, kind="unknown"),
    path="/v1/rerank",
    key_variables=("COMPATIBLE_API_KEY",),
    needs_key=False,
    docs="https://docs.cohere.com/v1/reference/rerank",
    source="what Cohere's and Jina's APIs have in common",
)
