"""Novita AI."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.price import Price

PRICES = {  # from LiteLLM 1.109.1's price list, November 2026
    "baai/bge-reranker-v2-m3": Price(per_million_tokens=0.01),
    "qwen/qwen3-reranker-8b": Price(per_million_tokens=0.05),
}

PROVIDER = Provider(
    name="novita",
    title="Novita AI",
    dialect=Dialect(words={"top_n": "top_n"}),
    url="https://api.novita.ai",
    path="/openai/v1/rerank",
    key_variables=("NOVITA_API_KEY",),
    docs="https://novita.ai/docs/api-reference/model-apis-llm-create-rerank",
    source="from the vendor's documentation",
    models=tuple(PRICES),
    prices=PRICES,
)
