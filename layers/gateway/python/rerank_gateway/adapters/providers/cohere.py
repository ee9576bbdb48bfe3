"""Cohere's API, version 2."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.dialect import Dialect, counters
from rerank_gateway.adapters.provider import Price, Provider
from rerank_gateway.domain.answer import Usage


def _usage(reply: Any, _: Mapping[str, str]) -> Usage:
    billed, tokens = counters(reply, "meta", "billed_units"), counters(reply, "meta", "tokens")
    prompt = tokens.get("input_tokens", billed.get("input_tokens", 0))
    completion = tokens.get("output_tokens", billed.get("output_tokens", 0))

    return Usage(prompt, completion, billed.get("total_tokens", prompt + completion), billed.get("search_units"))


PROVIDER = Provider(
    name="cohere",
    dialect=Dialect(
        words={"top_n": "top_n", "max_tokens_per_doc": "max_tokens_per_doc", "priority": "priority"},
        usage=_usage,
    ),
    url="https://api.cohere.com",
    path="/v2/rerank",
    key_variables=("COHERE_API_KEY", "CO_API_KEY"),
    docs="https://docs.cohere.com/v2/reference/rerank",
    prices={  # cohere.com/pricing as listed in November 2026
        "rerank-v5.0-pro": Price(per_million_tokens=0.05),
        "rerank-v5.0-fast": Price(per_million_tokens=0.02),
        "rerank-v4.0-pro": Price(per_search=0.0025),
        "rerank-v4.0-fast": Price(per_search=0.002),
        "rerank-v3.5": Price(per_search=0.002),
        "rerank-english-v3.0": Price(per_search=0.002),
        "rerank-multilingual-v3.0": Price(per_search=0.002),
    },
)
