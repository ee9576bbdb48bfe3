"""Assembly of what ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock, Semaphore
from typing import TYPE_CHECKING

from rerank_gateway.adapters.cache.memory_cache import MemoryAnswerCache
from rerank_gateway.adapters.system.threads import ThreadExecutor
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.ports import AnswerCache, Reranker
from rerank_gateway.entry.config.config import LOCAL_PROVIDER
from rerank_gateway.entry.wiring.container import CLOCK, RNG, Container
from rerank_gateway.use_cases.authorize import Authorize
from rerank_gateway.use_cases.cached_rerank import CachedRerank
from rerank_gateway.use_cases.rerank import Rerank
from rerank_gateway.use_cases.routing.ask_target import AskTarget

# What only some configurations and requests need is imported where it is assembled.
if TYPE_CHECKING:
    from rerank_gateway.adapters.credentials.key_ring import KeyRing, KeySource
    from rerank_gateway.adapters.transports.https import HttpsTransport


@dataclass(frozen=True)
class RankingContainer:
    whole: Container

    @cached_property
    def admit(self) -> Authorize:
        return Authorize(self.whole.config.routing, self.whole.config.limits.max_documents)

    @cached_property
    def rerank(self) -> CachedRerank:
        made, making = cache(self._reranker), Lock()

        def one_at_a_time(provider: str, /) -> Reranker:
            # A worker's threads all start at once, and are to share connections and what is known of keys.
            with making:
                return made(provider)

        ask = AskTarget(one_at_a_time, CLOCK, RNG, ThreadExecutor(), CircuitBreaker(CLOCK))

        return CachedRerank(Rerank(self.whole.config.routing, ask), self._cache(), CLOCK)

    def close(self) -> None:
        """Let go of all connections."""
        self._transport.close()

    def _reranker(self, provider: str) -> Reranker:
        if provider == LOCAL_PROVIDER:
            from rerank_gateway.adapters.local.reranker import LocalReranker

            return LocalReranker()
        reranker = self._provider_reranker(provider)
        places = self.whole.config.provider(provider).max_parallel

        return self._in_line(reranker, places) if places else reranker

    def _in_line(self, reranker: Reranker, places: int) -> Reranker:
        from rerank_gateway.use_cases.routing.bulkhead import Bulkhead

        return Bulkhead(reranker, Semaphore(places))

    def _provider_reranker(self, provider: str) -> Reranker:
        from rerank_gateway.adapters.providers.reranker import ProviderReranker
        from rerank_gateway.adapters.signers import create_signer

        config = self.whole.config
        description, settings = config.described(provider), config.settings(provider, self.whole.settings.region)
        who_signs = create_signer(description.auth, settings, self._transport, CLOCK)
        url = config.provider(provider).url

        return ProviderReranker(provider, description, self._transport, who_signs, self._provider_keys, url, settings)

    def _cache(self) -> AnswerCache:
        return MemoryAnswerCache(self._shared_cache(self.whole.settings.cache_table), CLOCK)

    def _shared_cache(self, table: str) -> AnswerCache | None:
        if not table:
            return None
        from rerank_gateway.adapters.aws.dynamodb_cache import DynamoAnswerCache

        return DynamoAnswerCache(table)

    @cached_property
    def _transport(self) -> HttpsTransport:
        from rerank_gateway.adapters.transports.https import HttpsTransport

        return HttpsTransport()

    @cached_property
    def _provider_keys(self) -> KeyRing:
        from rerank_gateway.adapters.credentials.key_ring import KeyRing

        return KeyRing(self._key_source(), CLOCK, RNG)

    def _key_source(self) -> KeySource:
        from rerank_gateway.adapters.credentials.provider_keys import EnvironmentKeys, SecretKeys

        if arn := self.whole.settings.provider_secrets_arn:
            return SecretKeys(self.whole.secret(arn))
        config = self.whole.config

        # Unlike a secret, the environment never changes.
        return cache(EnvironmentKeys(self.whole.variables, is_own=lambda name: config.provider(name).like is not None))
