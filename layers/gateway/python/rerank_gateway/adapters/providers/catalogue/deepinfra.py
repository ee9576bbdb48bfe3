"""DeepInfra: the address names the model, and the response is a list of scores in the order of the documents."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.adapters.providers.usage import int_fields, usd_field
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.usage import Usage


def _pairs(payload: Payload, _: Settings) -> Payload:
    # The first query goes with the first document, and so on; LiteLLM repeats it, too.
    return {**payload, "queries": [payload["queries"]] * len(payload["documents"])}


def _usage(body: Any, _: Mapping[str, str]) -> Usage:
    tokens = int_fields(body).get("input_tokens", 0)

    return Usage(prompt_tokens=tokens, total_tokens=tokens, cost=usd_field(body, "inference_status", "cost"))


PROVIDER = Provider(
    name="deepinfra",
    title="DeepInfra",
    dialect=Dialect(
        query="queries",
        model=None,
        words={"instruction": "instruction"},
        form=_pairs,
        results="scores",
        index=None,
        usage=_usage,
    ),
    url="https://api.deepinfra.com",
    path="/v1/inference/{model}",
    key_variables=("DEEPINFRA_API_KEY", "DEEPINFRA_TOKEN"),
    docs="https://deepinfra.com/docs/",
    source="read in LiteLLM's adapter and the vendor's documentation",
    models=(
        "nvidia/Nemotron-3.5-Rerank-8B-BF16",
        "Qwen/Qwen3-Reranker-0.6B",
        "Qwen/Qwen3-Reranker-4B",
        "Qwen/Qwen3-Reranker-8B",
    ),
    prices={  # deepinfra.com as of November 2026; the cost in a response goes before
        "Qwen/Qwen3-Reranker-0.6B": Price(per_million_tokens=0.01),
        "Qwen/Qwen3-Reranker-8B": Price(per_million_tokens=0.05),
        "nvidia/Nemotron-3.5-Rerank-8B-BF16": Price(per_million_tokens=0.05),
    },
)
