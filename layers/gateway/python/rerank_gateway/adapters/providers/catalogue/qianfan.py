"""Baidu AI Cloud Qianfan. A query of more than 1,600 characters is refused."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.profile import Limits

PROVIDER = Provider(
    name="qianfan",
    title="Baidu Qianfan",
    dialect=Dialect(words={"top_n": "top_n"}, constants={"return_documents": False}),
    url="https://qianfan.baidubce.com",
    path="/v2/rerank",
    key_variables=("QIANFAN_API_KEY",),
    docs="https://cloud.baidu.com/doc/qianfan-api/s/2m7u4zt74",
    source="read in Dify's adapter, and from the vendor's documentation",
    models=("bce-reranker-base", "qwen3-reranker-8b"),
    limits={"*": Limits(documents=64, length=4_096)},  # cloud.baidu.com, 2026
)
