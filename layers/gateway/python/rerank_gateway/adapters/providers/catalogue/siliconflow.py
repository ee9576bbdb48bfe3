"""
SiliconFlow; its international service is at api.siliconflow.com. Not verified: how a document with an image is written.
"""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.images import as_data_uri
from rerank_gateway.adapters.providers.usage import cohere_usage, tokens_at
from rerank_gateway.domain.usage import Usage

TOP_LEVEL_TOKENS = tokens_at("tokens")


def _usage(body: Any, headers: Mapping[str, str]) -> Usage:
    """The older documentation has it at the top, the newer one where Cohere has it."""
    usage = cohere_usage(body, headers)

    return usage if usage.total_tokens else TOP_LEVEL_TOKENS(body, headers)


PROVIDER = Provider(
    name="siliconflow",
    title="SiliconFlow",
    dialect=Dialect(
        words={"top_n": "top_n", "instruction": "instruction"},
        image=lambda text, image: {"image": as_data_uri(image)},
        image_models=("*-VL-*",),
        constants={"return_documents": False},
        usage=_usage,
    ),
    url="https://api.siliconflow.cn",
    path="/v1/rerank",
    key_variables=("SILICONFLOW_API_KEY",),
    docs="https://docs.siliconflow.cn/en/api-reference/rerank/create-rerank",
    source="from the vendor's documentation; not verified: documents with images",
    models=(
        "BAAI/bge-reranker-v2-m3",
        "Pro/BAAI/bge-reranker-v2-m3",
        "netease-youdao/bce-reranker-base_v1",
        "Qwen/Qwen3-Reranker-8B",
        "Qwen/Qwen3-VL-Reranker-8B",
    ),
)
