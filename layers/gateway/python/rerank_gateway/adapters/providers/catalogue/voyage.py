"""Voyage AI, and the same service behind MongoDB's keys."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest

FULL_PRICE, LITE_PRICE = Price(per_million_tokens=0.05), Price(per_million_tokens=0.02)  # as of November 2026


def _extras(request: RerankRequest) -> Mapping[str, Any]:
    """A text that is too long is truncated unless the caller says no; an instruction is put before the query."""
    extras: dict[str, Any] = {"truncation": request.truncate != "none"}
    if request.instruction:
        extras["query"] = f"{request.instruction}\n{request.query}"

    return extras


PROVIDER = Provider(
    name="voyage",
    title="Voyage AI, MongoDB",
    dialect=Dialect(
        words={"top_n": "top_k"},
        constants={"return_documents": False},
        truncation=frozenset(("none", "end")),
        extras=_extras,
        results="data",
    ),
    url="https://api.voyageai.com",
    path="/v1/rerank",
    urls_by_key={"al-": "https://ai.mongodb.com"},
    key_variables=("VOYAGE_API_KEY",),
    docs="https://docs.voyageai.com/reference/reranker-api",
    source="read in Voyage's Python SDK 0.5.0",
    models=(
        "rerank-3",
        "rerank-3-lite",
        "rerank-2.5",
        "rerank-2.5-lite",
        "rerank-2",
        "rerank-2-lite",
        "rerank-1",
        "rerank-lite-1",
    ),
    limits={  # docs.voyageai.com, rerankers and FAQ, November 2026
        "rerank-1": Limits(documents=1_000, tokens=100_000, window=8_000),
        "rerank-lite-1": Limits(documents=1_000, tokens=300_000, window=4_000),
        "rerank-2": Limits(documents=1_000, tokens=600_000, window=16_000),
        "rerank-2-lite": Limits(documents=1_000, tokens=600_000, window=8_000),
        "*": Limits(documents=1_000, tokens=600_000, window=32_000),
    },
    prices={
        **dict.fromkeys(("rerank-3", "rerank-2.5", "rerank-2", "rerank-1"), FULL_PRICE),
        **dict.fromkeys(("rerank-3-lite", "rerank-2.5-lite", "rerank-2-lite", "rerank-lite-1"), LITE_PRICE),
    },
)
