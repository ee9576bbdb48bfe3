"""The providers there are, by name. A description is loaded when a request first needs it."""

from __future__ import annotations

from collections.abc import Mapping
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
NEEDED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("azure", "baseten", "compatible", "elasticsearch", "infinity", "litellm", "llamacpp"), ("url",)),
    **dict.fromkeys(("nim", "sglang", "tei", "vllm", "xinference"), ("url",)),
    "cloudflare": ("account",),
    "oci": ("region", "compartment_id"),
    "portkey": ("provider",),
    "vertex": ("project",),
    "watsonx": ("region",),
}
"""
What only the operator knows of a provider: the `url` where its description has none, and the settings without a value,
but for the region of AWS's own, which Lambda tells. A start, which checks the configuration, need load no description.
"""


def provider(name: str) -> Provider:
    """The description called *name*, which must be one of NAMES."""
    module = import_module(f"rerank_gateway.adapters.providers.catalogue.{name}")
    description: Provider = module.PROVIDER

    return description
