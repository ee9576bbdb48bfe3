"""A LiteLLM proxy of one's own, with whatever lies behind it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import cohere_usage
from rerank_gateway.domain.usage import Usage


def _usage(body: Any, headers: Mapping[str, str]) -> Usage:
    """Cohere's, and the cost by LiteLLM's own price list; it has 0.0 for many a model that it has no price for."""
    return replace(cohere_usage(body, headers), cost=_amount(headers.get("x-litellm-response-cost", "")) or None)


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        return 0.0

    return amount if 0.0 <= amount < 1e6 else 0.0


PROVIDER = Provider(
    name="litellm",
    title="LiteLLM",
    dialect=Dialect(
        words={"top_n": "top_n", "max_tokens_per_doc": "max_tokens_per_doc", "instruction": "instruction"},
        constants={"return_documents": False},
        kind="unknown",
        usage=_usage,
    ),
    path="/v1/rerank",
    key_variables=("LITELLM_PROXY_API_KEY", "LITELLM_API_KEY"),
    needs_key=False,
    docs="https://docs.litellm.ai/docs/rerank",
    source="read in LiteLLM 1.109.1",
)
