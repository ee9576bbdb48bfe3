"""Cohere's API, version 2."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import cohere_usage
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits

CHUNK_TOKENS = 500
"""Tokens, the query's included, beyond which a text counts for several documents (docs.cohere.com, pricing FAQ)."""
PRICES = {  # cohere.com/pricing as listed in November 2026
    "rerank-v5.0-pro": Price(per_million_tokens=0.05),
    "rerank-v5.0-fast": Price(per_million_tokens=0.02),
    "rerank-v4.0-pro": Price(per_search=0.0025, chunk_tokens=CHUNK_TOKENS),
    "rerank-v4.0-fast": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
    "rerank-v3.5": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
    "rerank-english-v3.0": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
    "rerank-multilingual-v3.0": Price(per_search=0.002, chunk_tokens=CHUNK_TOKENS),
}

DEFAULT_TOKENS = 4_096
"""Tokens that version 2 reads of a document unless told otherwise (Cohere's Python SDK 7.3.1)."""

PROVIDER = Provider(
    name="cohere",
    title="Cohere",
    dialect=Dialect(
        words={"top_n": "top_n", "max_tokens_per_doc": "max_tokens_per_doc", "priority": "priority"},
        usage=cohere_usage,
    ),
    url="https://api.cohere.com",
    path="/v2/rerank",
    key_variables=("COHERE_API_KEY", "CO_API_KEY"),
    docs="https://docs.cohere.com/v2/reference/rerank",
    source="read in Cohere's Python SDK 7.3.1",
    models=tuple(PRICES),
    prices=PRICES,
    default_tokens=DEFAULT_TOKENS,
    limits={"*": Limits(documents=10_000)},  # docs.cohere.com, best practices for reranking
)
