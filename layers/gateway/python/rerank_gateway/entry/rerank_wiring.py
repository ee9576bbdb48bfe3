"""Assembly of what ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING

from rerank_gateway.adapters import catalogue
from rerank_gateway.adapters.key_ring import KeyRing, KeySource
from rerank_gateway.adapters.provider_keys import EnvironmentKeys, SecretKeys
from rerank_gateway.adapters.provider_reranker import ProviderReranker
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.entry.config import LOCAL
from rerank_gateway.entry.wiring import CHANCE, CLOCK, Wiring
from rerank_gateway.use_cases.admit import Admit
from rerank_gateway.use_cases.rerank import Rerank

if TYPE_CHECKING:
    from rerank_gateway.adapters.carriers.https import HttpsCarrier


@dataclass(frozen=True)
class RerankWiring:
    whole: Wiring

    @cached_property
    def admit(self) -> Admit:
        return Admit(self.whole.config.routing, self.whole.config.limits.max_documents)

    @cached_property
    def rerank(self) -> Rerank:
        made, making = cache(self._reranker), Lock()

        def one_at_a_time(provider: str, /) -> Reranker:
            # A worker's threads all start at once, and are to share connections and what is known of keys.
            with making:
                return made(provider)

        return Rerank(self.whole.config.routing, one_at_a_time, CLOCK, CHANCE)

    def close(self) -> None:
        """Let go of all connections."""
        self._carrier.close()

    def _reranker(self, provider: str) -> Reranker:
        if provider == LOCAL:
            # Loaded when needed: whoever asks providers only has no use for stems, nor the other way round.
            from rerank_gateway.adapters.local_reranker import LocalReranker

            return LocalReranker()
        url = self.whole.config.url(provider)

        return ProviderReranker(catalogue.provider(provider), self._carrier, self._provider_keys, url)

    @cached_property
    def _carrier(self) -> HttpsCarrier:
        from rerank_gateway.adapters.carriers.https import HttpsCarrier

        return HttpsCarrier()

    @cached_property
    def _provider_keys(self) -> KeyRing:
        arn = self.whole.settings.provider_secrets_arn
        source: KeySource = SecretKeys(self.whole.secret(arn)) if arn else EnvironmentKeys(self.whole.variables)

        return KeyRing(source, CLOCK, CHANCE)
