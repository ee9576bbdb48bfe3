"""Zhipu AI (BigModel). A query of more than 4,096 characters is refused."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.profile import Limits

PROVIDER = Provider(
    name="zhipu",
    title="Zhipu AI (BigModel)",
    dialect=Dialect(
        words={"top_n": "top_n", "user": "user_id"},
        constants={"return_documents": False, "return_raw_scores": False},
    ),
    url="https://open.bigmodel.cn",
    path="/api/paas/v4/rerank",
    key_variables=("ZHIPUAI_API_KEY", "ZAI_API_KEY"),
    docs="https://docs.bigmodel.cn/api-reference/%E6%A8%A1%E5%9E%8B-api/%E6%96%87%E6%9C%AC%E9%87%8D%E6%8E%92%E5%BA%8F",
    source="from the vendor's documentation",
    models=("rerank",),
    limits={"*": Limits(documents=128, length=4_096)},  # docs.bigmodel.cn, 2026
)
