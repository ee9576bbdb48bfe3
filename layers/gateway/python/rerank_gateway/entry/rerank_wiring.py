"""Assembly of what ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock, Semaphore
from typing import TYPE_CHECKING

from rerank_gateway.adapters.memory_cache import MemoryCache
from rerank_gateway.adapters.threads import Threads
from rerank_gateway.domain.health import Health
from rerank_gateway.domain.ports import Cache, Reranker
from rerank_gateway.entry.config import LOCAL
from rerank_gateway.entry.wiring import CHANCE, CLOCK, Wiring
from rerank_gateway.use_cases.admit import Admit
from rerank_gateway.use_cases.ask import Ask
from rerank_gateway.use_cases.recall import Recall
from rerank_gateway.use_cases.rerank import Rerank

# What only some configurations and requests need is imported where it is assembled.
if TYPE_CHECKING:
    from rerank_gateway.adapters.carriers.https import HttpsCarrier
    from rerank_gateway.adapters.key_ring import KeyRing, KeySource


@dataclass(frozen=True)
class RerankWiring:
    whole: Wiring

    @cached_property
    def admit(self) -> Admit:
        return Admit(self.whole.config.routing, self.whole.config.limits.max_documents)

    @cached_property
    def rerank(self) -> Recall:
        made, making = cache(self._reranker), Lock()

        def one_at_a_time(provider: str, /) -> Reranker:
            # A worker's threads all start at once, and are to share connections and what is known of keys.
            with making:
                return made(provider)

        ask = Ask(one_at_a_time, CLOCK, CHANCE, Threads(), Health())

        return Recall(Rerank(self.whole.config.routing, ask), self._cache(), CLOCK)

    def close(self) -> None:
        """Let go of all connections."""
        self._carrier.close()

    def _reranker(self, provider: str) -> Reranker:
        if provider == LOCAL:
            from rerank_gateway.adapters.local_reranker import LocalReranker

            return LocalReranker()
        reranker = self._provider_reranker(provider)
        places = self.whole.config.provider(provider).max_parallel

        return self._in_line(reranker, places) if places else reranker

    def _in_line(self, reranker: Reranker, places: int) -> Reranker:
        from rerank_gateway.use_cases.in_line import InLine

        return InLine(reranker, Semaphore(places), CLOCK)

    def _provider_reranker(self, provider: str) -> Reranker:
        from rerank_gateway.adapters.provider_reranker import ProviderReranker
        from rerank_gateway.adapters.signers import signer

        config = self.whole.config
        description, settings = config.described(provider), config.settings(provider, self.whole.settings.region)
        who_signs = signer(description.auth, settings, self._carrier, CLOCK)
        url = config.provider(provider).url

        return ProviderReranker(
            provider, description, self._carrier, who_signs, self._provider_keys, CLOCK, url, settings
        )

    def _cache(self) -> Cache:
        return MemoryCache(self._shared_cache(self.whole.settings.cache_table), CLOCK)

    def _shared_cache(self, table: str) -> Cache | None:
        if not table:
            return None
        from rerank_gateway.adapters.dynamodb_cache import DynamoCache

        return DynamoCache(table)

    @cached_property
    def _carrier(self) -> HttpsCarrier:
        from rerank_gateway.adapters.carriers.https import HttpsCarrier

        return HttpsCarrier()

    @cached_property
    def _provider_keys(self) -> KeyRing:
        from rerank_gateway.adapters.key_ring import KeyRing

        return KeyRing(self._key_source(), CLOCK, CHANCE)

    def _key_source(self) -> KeySource:
        from rerank_gateway.adapters.provider_keys import EnvironmentKeys, SecretKeys

        if arn := self.whole.settings.provider_secrets_arn:
            return SecretKeys(self.whole.secret(arn))
        config = self.whole.config

        # Unlike a secret, the environment never changes.
        return cache(EnvironmentKeys(self.whole.variables, is_own=lambda name: config.provider(name).like is not None))
