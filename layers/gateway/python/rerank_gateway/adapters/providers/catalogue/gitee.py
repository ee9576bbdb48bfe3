"""Gitee AI, for texts. Not verified with the vendor: its wire is known from a third party's adapter only."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect

PROVIDER = Provider(
    name="gitee",
    title="Gitee AI",
    dialect=Dialect(words={"top_n": "top_n"}),
    url="https://ai.gitee.com",
    path="/v1/rerank",
    key_variables=("GITEE_API_KEY",),
    docs="https://ai.gitee.com/docs",
    source="read in Dify's adapter only; not verified with the vendor",
    models=("bge-reranker-v2-m3", "Qwen3-Reranker-8B"),
)
