"""Isaacus, for legal texts."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import tokens_at
from rerank_gateway.domain.price import Price

PROVIDER = Provider(
    name="isaacus",
    title="Isaacus",
    dialect=Dialect(
        documents="texts",
        words={"top_n": "top_n"},
        score="score",
        usage=tokens_at("usage"),
    ),
    url="https://api.isaacus.com",
    path="/v1/rerankings",
    key_variables=("ISAACUS_API_KEY",),
    docs="https://docs.isaacus.com/api-reference/rerankings/reranking",
    source="read in Isaacus's Python SDK 0.22.1",
    models=("kanon-2-reranker", "kanon-universal-classifier"),
    prices={"kanon-2-reranker": Price(per_million_tokens=0.35)},  # isaacus.com/blog/kanon-2-reranker, 2026
)
