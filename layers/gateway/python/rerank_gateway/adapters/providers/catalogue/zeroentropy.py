"""
ZeroEntropy. Its hosted API is said to have closed on 4 September 2026 (github.com/garrytan/gbrain, pull request 4160),
which could not be verified; its models run on servers of one's own, too. With the setting `latency` = "fast", what
would otherwise wait for more than ten seconds is refused with a 429.
"""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.adapters.providers.usage import tokens_at
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits


def _form(payload: Payload, settings: Settings) -> Payload:
    return {**payload, "latency": settings["latency"]} if settings.get("latency") else payload


PROVIDER = Provider(
    name="zeroentropy",
    title="ZeroEntropy",
    dialect=Dialect(words={"top_n": "top_n"}, form=_form, usage=tokens_at()),
    url="https://api.zeroentropy.dev",
    path="/v1/models/rerank",
    settings={"latency": ""},
    key_variables=("ZEROENTROPY_API_KEY",),
    docs="https://docs.zeroentropy.dev/models",
    source="read in ZeroEntropy's Python SDK 0.1.0a11; not verified: that the hosted API is still open",
    # docs.zeroentropy.dev, rerank, 2026: 150 bytes, the query's and the document's, for each document.
    limits={"*": Limits(size=5_000_000, overhead=150)},
    models=("zerank-2", "zerank-1", "zerank-1-small"),
    prices={"zerank-*": Price(per_million_tokens=0.025)},  # docs.zeroentropy.dev/models, 2026
)
