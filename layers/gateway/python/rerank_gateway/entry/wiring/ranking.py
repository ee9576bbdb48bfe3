"""Assembly of what ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING

from rerank_gateway.adapters.cache.memory_cache import MemoryAnswerCache
from rerank_gateway.adapters.system.threads import ThreadExecutor
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.ports import AnswerCache, Reranker, Rerankers
from rerank_gateway.entry.config.config import LOCAL_PROVIDER
from rerank_gateway.entry.observability import log_bug
from rerank_gateway.entry.wiring.environment import CLOCK, RNG, Environment, misconfigured_on_mistake
from rerank_gateway.use_cases.authorize import Authorize
from rerank_gateway.use_cases.cached_rerank import CachedRerank
from rerank_gateway.use_cases.require_access import RequireAccess
from rerank_gateway.use_cases.rerank import Rerank
from rerank_gateway.use_cases.routing.ask_target import AskTarget

# What only some configurations and requests need is imported where it is assembled.
if TYPE_CHECKING:
    from rerank_gateway.adapters.credentials.key_ring import KeyRing
    from rerank_gateway.adapters.local.cross_encoder.cross_encoder import CrossEncoder
    from rerank_gateway.adapters.transports.https import HttpsTransport
    from rerank_gateway.use_cases.find_models import FindModels


ALL_THREADS = 0
"""As many as ONNX Runtime finds processors."""


@dataclass(frozen=True)
class RankingServices:
    environment: Environment

    @cached_property
    def authorize(self) -> Authorize:
        return Authorize(self.environment.routing, self.environment.config.limits.max_documents, self.rerankers)

    @cached_property
    def require_access(self) -> RequireAccess:
        return RequireAccess(self.environment.routing, self.rerankers)

    @cached_property
    def rerank(self) -> CachedRerank:
        ask = AskTarget(self.rerankers, CLOCK, RNG, ThreadExecutor(), CircuitBreaker(CLOCK), log_bug)

        return CachedRerank(Rerank(self.environment.routing, ask), self._cache(), CLOCK)

    @cached_property
    def models(self) -> FindModels:
        from rerank_gateway.use_cases.find_models import FindModels

        return FindModels(self.environment.routing, self.rerankers, self.environment.providers.models)

    @cached_property
    def rerankers(self) -> Rerankers:
        cached_reranker, lock = cache(self._reranker), Lock()

        def reranker(provider: str, /) -> Reranker:
            # A worker's threads all start at once, and are to share connections and what is known of keys.
            with lock:
                return cached_reranker(provider)

        return reranker

    def close(self) -> None:
        """Let go of all connections."""
        if "transport" in vars(self):
            self.transport.close()

    def _reranker(self, provider: str) -> Reranker:
        if provider == LOCAL_PROVIDER:
            from rerank_gateway.adapters.local.reranker import LocalReranker

            return LocalReranker(self._cross_encoder())
        reranker = self._provider_reranker(provider)
        max_parallel = self.environment.config.provider(provider).max_parallel

        return self._bulkhead(reranker, max_parallel) if max_parallel else reranker

    def _cross_encoder(self) -> CrossEncoder | None:
        address = self.environment.settings.cpu_model
        if not address:
            return None
        with misconfigured_on_mistake():
            from rerank_gateway.entry.wiring.cross_encoder import load_cross_encoder

            return load_cross_encoder(address, ALL_THREADS)

    def _bulkhead(self, reranker: Reranker, max_parallel: int) -> Reranker:
        from rerank_gateway.use_cases.routing.bulkhead import Bulkhead

        return Bulkhead.of(reranker, max_parallel)

    def _provider_reranker(self, provider: str) -> Reranker:
        from rerank_gateway.adapters.providers.reranker import ProviderReranker
        from rerank_gateway.adapters.signers import create_signer

        providers = self.environment.providers
        description, settings = providers.description(provider), providers.settings(provider)
        signer = create_signer(description.auth, settings, self.transport, CLOCK)
        url, keys = self.environment.config.provider(provider).url, self._provider_keys

        return ProviderReranker(provider, description, self.transport, signer, keys, url, settings)

    def _cache(self) -> AnswerCache:
        return MemoryAnswerCache(self._shared_cache(self.environment.settings.cache_table), CLOCK)

    def _shared_cache(self, table: str) -> AnswerCache | None:
        if not table:
            return None
        from rerank_gateway.adapters.aws.dynamodb_cache import DynamoAnswerCache

        return DynamoAnswerCache(table)

    @cached_property
    def transport(self) -> HttpsTransport:
        from rerank_gateway.adapters.transports.https import HttpsTransport

        return HttpsTransport(CLOCK)

    @cached_property
    def _provider_keys(self) -> KeyRing:
        from rerank_gateway.adapters.credentials.key_ring import KeyRing
        from rerank_gateway.adapters.credentials.provider_keys import EnvironmentKeys, SecretKeys

        if arn := self.environment.settings.provider_secrets_arn:
            return KeyRing(SecretKeys(self.environment.secret(arn)), CLOCK, RNG)
        variables = self.environment.providers.key_variables
        # Unlike a secret, the environment never changes.
        source = cache(EnvironmentKeys(self.environment.variables, variables))

        return KeyRing(source, CLOCK, RNG, lambda provider: " or ".join(variables(provider)))
