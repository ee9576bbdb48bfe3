"""The catalogue's providers at work against a server on loopback, each with its recorded exchange."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from rerank_gateway.adapters import catalogue
from rerank_gateway.adapters.carriers.https import HttpsCarrier
from rerank_gateway.adapters.clock import SystemClock
from rerank_gateway.adapters.key_ring import KeyRing, ProviderKey
from rerank_gateway.adapters.provider_reranker import ProviderReranker

REPLIES = Path(__file__).with_name("replies")
CLOCK = SystemClock()


@dataclass(frozen=True)
class Recorded:
    """One exchange as it stands in replies/NAME.json: what is sent, what comes back, what is made of it."""

    name: str
    model: str
    question: Any
    reply: Any
    ranking: list[list[Any]]
    usage: dict[str, Any]

    @classmethod
    def of(cls, name: str) -> Recorded:
        return cls(name, **json.loads((REPLIES / f"{name}.json").read_text("utf-8")))


def reranker(carrier: HttpsCarrier, name: str, url: str, *keys: str) -> ProviderReranker:
    """The provider called *name* at *url*, with *keys* to draw from."""
    ring = KeyRing(lambda _: [ProviderKey(key) for key in keys], CLOCK, Random(0))

    return ProviderReranker(catalogue.provider(name), carrier, ring, url)
