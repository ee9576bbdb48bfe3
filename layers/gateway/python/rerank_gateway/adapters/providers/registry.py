"""The providers there are, by name. A description is loaded when a request first needs it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rerank_gateway.adapters.providers.description import Provider

NAMES = (
    "azure",
    "baseten",
    "bedrock",
    "bedrock_invoke",
    "cloudflare",
    "cohere",
    "cohere_v1",
    "compatible",
    "contextual",
    "dashscope",
    "dashscope_native",
    "deepinfra",
    "elasticsearch",
    "fireworks",
    "gitee",
    "infinity",
    "isaacus",
    "jina",
    "lambda",
    "litellm",
    "llamacpp",
    "mixedbread",
    "nim",
    "novita",
    "nvidia",
    "oci",
    "openrouter",
    "pinecone",
    "portkey",
    "prime",
    "qianfan",
    "sagemaker",
    "sagemaker_cohere",
    "sagemaker_vllm",
    "scaleway",
    "sglang",
    "siliconflow",
    "tei",
    "together",
    "vercel",
    "vertex",
    "vllm",
    "voyage",
    "watsonx",
    "xinference",
    "zeroentropy",
    "zhipu",
)


def provider(name: str) -> Provider:
    """The description called *name*, which must be one of NAMES."""
    module = import_module(f"rerank_gateway.adapters.providers.catalogue.{name}")
    description: Provider = module.PROVIDER

    return description
