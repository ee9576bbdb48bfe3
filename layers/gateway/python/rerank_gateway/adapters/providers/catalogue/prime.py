"""
Prime Intellect; the operator's setting `team` says who pays, if not the key's owner. It truncates nothing: what is too
long for the model is refused, and then sent once more by the gateway, truncated.
"""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits

MODEL = "qwen/qwen3-reranker-0.6b"

PROVIDER = Provider(
    name="prime",
    title="Prime Intellect",
    dialect=Dialect(
        words={"top_n": "top_n", "instruction": "instruction"},
        truncation=frozenset(("none",)),
        # Its scores round to 1.0 where the logits behind them still differ, so it asks not to sort anew.
        ordered=True,
    ),
    url="https://api.pinference.ai",
    path="/api/v1/rerank",
    settings={"team": ""},
    headers={"x-prime-team-id": "{team}"},
    key_variables=("PRIME_API_KEY",),
    docs="https://docs.primeintellect.ai/api-reference/inference-rerank",
    source="from the vendor's documentation",
    models=(MODEL,),
    # docs.primeintellect.ai, Rerank API, as of November 2026: 1,000 documents, and 16 MiB for the whole body.
    limits={"*": Limits(documents=1_000, size=16_000_000, window=32_768)},
    prices={MODEL: Price(per_million_tokens=0.20)},
)
