"""Scaleway's Generative APIs."""

from rerank_gateway.adapters.dialect import Dialect
from rerank_gateway.adapters.provider import Provider

PROVIDER = Provider(
    name="scaleway",
    title="Scaleway",
    dialect=Dialect(words={"top_n": "top_n"}),
    url="https://api.scaleway.ai",
    path="/v1/rerank",
    key_variables=("SCW_SECRET_KEY",),
    docs="https://www.scaleway.com/en/docs/generative-apis/how-to/query-reranking-models/",
    source="read in LiteLLM's adapter",
)
