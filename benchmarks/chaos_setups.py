"""Gateways for a chaos run: with the circuit breaker and the hedge on or off."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import product
from math import inf
from threading import Lock
from unittest.mock import patch

from benchmarks import upstream
from benchmarks.chaos_providers import PROVIDERS
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Transport
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.entry.wiring.gateway import GATEWAY
from rerank_gateway.use_cases.cached_rerank import CachedRerank

HEDGE_AFTER_MS = 60
TARGETS = [f"{name}/any" for name in PROVIDERS]


@dataclass(frozen=True, slots=True)
class Setup:
    breaker: bool
    hedge: bool

    def __str__(self) -> str:
        return f"{'on' if self.breaker else 'off':>7} {'on' if self.hedge else 'off':>5}"

    def settings(self, urls: Mapping[str, str]) -> dict[str, str]:
        """The environment of a gateway with the providers at *urls* behind one alias."""
        hedge = [f"hedge_after_ms = {HEDGE_AFTER_MS}"] if self.hedge else []
        providers = [f'[providers.{name}]\nlike = "vllm"\nurl = "{url}"' for name, url in urls.items()]
        config = "\n".join(["[aliases.any]", f"targets = {json.dumps(TARGETS)}", *hedge, *providers])

        return {**upstream.settings(""), "GATEWAY_CONFIG": config}


SETUPS = tuple(Setup(breaker, hedge) for breaker, hedge in product((False, True), repeat=2))


@dataclass(slots=True)
class Counted(Transport):
    """Counts the questions that go out, also of those attempts that nobody waits for."""

    transport: HttpsTransport
    sent: int = 0
    counting: Lock = field(default_factory=Lock)

    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        with self.counting:
            self.sent += 1

        return self.transport.send(request, deadline)

    def close(self) -> None:
        self.transport.close()


@contextmanager
def environment(setup: Setup, urls: Mapping[str, str]) -> Iterator[Counted]:
    """The function's environment, until the block ends."""
    with patch.dict(os.environ, setup.settings(urls)):
        GATEWAY.close()
        ranking, lasting = GATEWAY.ranking, GATEWAY.lasting
        # Such properties keep what they made in the instance's own dictionary, and find there what is put in its place.
        vars(lasting)["transport"] = counted = Counted(lasting.transport)
        vars(ranking)["rerank"] = ranking.rerank if setup.breaker else _without_breaker(ranking.rerank)
        try:
            yield counted
        finally:
            GATEWAY.close()


def _without_breaker(cached_rerank: CachedRerank) -> CachedRerank:
    ask = replace(cached_rerank.rerank.ask, breaker=CircuitBreaker(cached_rerank.clock, threshold=inf))

    return replace(cached_rerank, rerank=replace(cached_rerank.rerank, ask=ask))
