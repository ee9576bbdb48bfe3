"""Assembly of what ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING

from rerank_gateway.adapters.key_ring import KeyRing, KeySource
from rerank_gateway.adapters.provider_keys import EnvironmentKeys, SecretKeys
from rerank_gateway.adapters.signers import signer
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
        from rerank_gateway.adapters.provider_reranker import ProviderReranker

        config = self.whole.config
        description, settings = config.described(provider), config.settings(provider, self.whole.settings.aws_region)
        who_signs = signer(description.auth, settings, self._carrier, CLOCK)
        url = config.provider(provider).url

        return ProviderReranker(
            provider, description, self._carrier, who_signs, self._provider_keys, CLOCK, url, settings
        )

    @cached_property
    def _carrier(self) -> HttpsCarrier:
        from rerank_gateway.adapters.carriers.https import HttpsCarrier

        return HttpsCarrier()

    @cached_property
    def _provider_keys(self) -> KeyRing:
        arn = self.whole.settings.provider_secrets_arn
        return KeyRing(SecretKeys(self.whole.secret(arn)) if arn else self._environment_keys, CLOCK, CHANCE)

    @property
    def _environment_keys(self) -> KeySource:
        config = self.whole.config

        return EnvironmentKeys(self.whole.variables, is_own=lambda name: config.provider(name).like is not None)
