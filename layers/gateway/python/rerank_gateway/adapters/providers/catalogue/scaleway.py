"""Scaleway's Generative APIs."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect

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
