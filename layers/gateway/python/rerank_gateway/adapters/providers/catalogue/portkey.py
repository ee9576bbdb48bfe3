"""Portkey: the operator's setting `provider` says what is behind it, a virtual key such as `@cohere` or a name."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.auth import HeaderAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import cohere_usage, token_usage
from rerank_gateway.domain.usage import Usage


def _usage(body: Any, headers: Mapping[str, str]) -> Usage:
    """Its own `usage`, or Cohere's `meta` where it hands on what came."""
    usage = token_usage(body, headers)

    return usage if usage.total_tokens or usage.search_units is not None else cohere_usage(body, headers)


PROVIDER = Provider(
    name="portkey",
    title="Portkey",
    dialect=Dialect(
        words={"top_n": "top_n", "max_tokens_per_doc": "max_tokens_per_doc", "priority": "priority"},
        constants={"return_documents": False},
        kind="unknown",
        usage=_usage,
    ),
    url="https://api.portkey.ai",
    path="/v1/rerank",
    settings={"provider": None},
    auth=HeaderAuth(name="x-portkey-api-key", scheme=""),
    headers={"x-portkey-provider": "{provider}"},
    key_variables=("PORTKEY_API_KEY",),
    docs="https://portkey.ai/docs/api-reference/inference-api/rerank",
    source="from the vendor's documentation",
)
