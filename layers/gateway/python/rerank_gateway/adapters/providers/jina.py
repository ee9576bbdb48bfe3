"""Jina AI."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.dialect import Dialect
from rerank_gateway.adapters.provider import Price, Provider
from rerank_gateway.domain.request import RerankRequest


def _truncation(request: RerankRequest) -> Mapping[str, Any]:
    return {"truncation": request.truncate != "none"} if request.truncate else {}


PROVIDER = Provider(
    name="jina",
    dialect=Dialect(words={"top_n": "top_n"}, constants={"return_documents": False}, extras=_truncation),
    url="https://api.jina.ai",
    path="/v1/rerank",
    key_variables=("JINA_API_KEY", "JINA_AI_API_KEY"),
    docs="https://jina.ai/reranker",
    prices={"jina-reranker-v2-base-multilingual": Price(per_million_tokens=0.05)},  # as of November 2026
)
