"""Fireworks AI."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.price import Price

PROVIDER = Provider(
    name="fireworks",
    title="Fireworks AI",
    dialect=Dialect(
        words={"top_n": "top_n", "instruction": "task"},
        constants={"return_documents": False},
        results="data",
    ),
    url="https://api.fireworks.ai",
    path="/inference/v1/rerank",
    key_variables=("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY"),
    docs="https://docs.fireworks.ai/api-reference/rerank-documents",
    source="from the vendor's documentation",
    models=(
        "accounts/fireworks/models/qwen3-reranker-8b",
        "accounts/fireworks/models/qwen3-reranker-4b",
        "accounts/fireworks/models/qwen3-reranker-0p6b",
        "fireworks/qwen3-reranker-8b",
    ),
    prices={  # LiteLLM's price list of November 2026; the small ones run on GPUs that are paid for by the hour
        "*qwen3-reranker-8b": Price(per_million_tokens=0.20),
        "*qwen3-reranker-4b": Price(),
        "*qwen3-reranker-0p6b": Price(),
    },
)
