"""Assembly of what outlasts a change of the configuration: connections, answers, circuits, a model in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rerank_gateway.adapters.aws.json_api import DYNAMODB
from rerank_gateway.adapters.aws.patience import FAIL_FAST
from rerank_gateway.adapters.cache.memory_cache import MemoryAnswerCache
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.errors import Misconfigured
from rerank_gateway.domain.ports import AnswerCache, Reranker
from rerank_gateway.entry.wiring.aws import AwsServices
from rerank_gateway.entry.wiring.environment import CLOCK, misconfigured_on_mistake
from rerank_gateway.entry.wiring.settings import Settings

# What only some configurations and requests need is imported where it is assembled.
if TYPE_CHECKING:
    from collections.abc import Callable

    from rerank_gateway.adapters.local.cross_encoder.cross_encoder import CrossEncoder
    from rerank_gateway.adapters.transports.https import HttpsTransport
    from rerank_gateway.use_cases.routing.bulkhead import Places
    from rerank_gateway.use_cases.spending.admission import Admit

    SharedPlaces = Callable[[str, int], Places]

ALL_THREADS = 0
"""As many as ONNX Runtime finds processors."""


@dataclass(frozen=True)
class LastingServices:
    """*shared_places* has the places of `max_parallel`, where several workers have no more of them than one."""

    settings: Settings
    aws: AwsServices
    shared_places: SharedPlaces | None = None

    @cached_property
    def circuit_breaker(self) -> CircuitBreaker:
        return CircuitBreaker(CLOCK)

    @cached_property
    def local_reranker(self) -> Reranker:
        from rerank_gateway.adapters.local.reranker import LocalReranker

        return LocalReranker(self._cross_encoder())

    def _cross_encoder(self) -> CrossEncoder | None:
        address = self.settings.cpu_model
        if not address:
            return None
        with misconfigured_on_mistake():
            from rerank_gateway.entry.wiring.cross_encoder import load_cross_encoder

            return load_cross_encoder(address, ALL_THREADS)

    @cached_property
    def answers(self) -> AnswerCache:
        return MemoryAnswerCache(self._shared_cache(self.settings.cache_table), CLOCK)

    def _shared_cache(self, table: str) -> AnswerCache | None:
        if not table:
            return None
        from rerank_gateway.adapters.aws.dynamodb_cache import DynamoAnswerCache

        return DynamoAnswerCache(table, self.aws.api(DYNAMODB, "the cache", FAIL_FAST))

    @cached_property
    def admit(self) -> Admit:
        from rerank_gateway.adapters.aws.dynamodb_accounts import LIMITS, ONCE, DynamoAccounts
        from rerank_gateway.use_cases.spending.admission import Admit

        if not self.settings.usage_table:
            raise Misconfigured("USAGE_TABLE is not set: a key with limits cannot be kept within them")

        dynamodb = self.aws.api(DYNAMODB, LIMITS, ONCE)

        return Admit(DynamoAccounts(self.settings.usage_table, dynamodb), CLOCK)

    @cached_property
    def transport(self) -> HttpsTransport:
        return self.aws.transport
