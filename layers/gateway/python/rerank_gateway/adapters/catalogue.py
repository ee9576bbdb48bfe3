"""The providers there are, by name. A description is loaded when a request first needs it."""

from __future__ import annotations

from importlib import import_module

from rerank_gateway.adapters.provider import Provider

NAMES = (
    "cohere",
    "jina",
    "tei",
    "vllm",
    "voyage",
)


def provider(name: str) -> Provider:
    """The description called *name*, which must be one of NAMES."""
    module = import_module(f"rerank_gateway.adapters.providers.{name}")
    description: Provider = module.PROVIDER

    return description
