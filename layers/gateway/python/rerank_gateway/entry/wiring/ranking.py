"""Assembly of what ranks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import TYPE_CHECKING

from rerank_gateway.adapters.system.threads import ThreadExecutor
from rerank_gateway.domain.ports import Reranker, Rerankers
from rerank_gateway.entry.config.catalogue import LOCAL_PROVIDER
from rerank_gateway.entry.observability import log_bug
from rerank_gateway.entry.wiring.environment import CLOCK, RNG, Environment
from rerank_gateway.entry.wiring.lasting import LastingServices
from rerank_gateway.entry.wiring.listed_models import ListedModels
from rerank_gateway.use_cases.authorize import Authorize
from rerank_gateway.use_cases.cached_rerank import CachedRerank
from rerank_gateway.use_cases.require_access import RequireAccess
from rerank_gateway.use_cases.rerank import Rerank
from rerank_gateway.use_cases.resolve_names import ResolveNames
from rerank_gateway.use_cases.routing.ask_target import AskTarget

# What only some configurations and requests need is imported where it is assembled.
if TYPE_CHECKING:
    from rerank_gateway.adapters.credentials.key_ring import KeyRing
    from rerank_gateway.entry.wiring.direct_keys import DirectRanking
    from rerank_gateway.entry.wiring.limits import LimitServices
    from rerank_gateway.entry.wiring.shadows import ShadowServices
    from rerank_gateway.use_cases.check_targets import CheckTargets
    from rerank_gateway.use_cases.find_models import FindModels


@dataclass(frozen=True)
class RankingServices:
    environment: Environment
    lasting: LastingServices

    @cached_property
    def authorize(self) -> Authorize:
        routing, providers = self.environment.routing, self.environment.providers
        resolve_names = ResolveNames(routing, self.rerankers, ListedModels(providers, routing.providers))

        return Authorize(routing, self.environment.config.limits.max_documents, self.rerankers, resolve_names)

    @cached_property
    def require_access(self) -> RequireAccess:
        return RequireAccess(self.environment.routing, self.rerankers)

    @cached_property
    def rerank(self) -> CachedRerank:
        ask = AskTarget(self.rerankers, CLOCK, RNG, ThreadExecutor(), self.lasting.circuit_breaker, log_bug)

        return CachedRerank(Rerank(self.environment.routing, ask), self.lasting.answers, CLOCK)

    @cached_property
    def direct_rerank(self) -> DirectRanking:
        from rerank_gateway.entry.wiring.direct_keys import DirectRanking

        return DirectRanking(self.environment.providers, self.lasting.transport, self.authorize, self.rerank.rerank)

    @cached_property
    def limits(self) -> LimitServices:
        from rerank_gateway.entry.wiring.limits import LimitServices

        return LimitServices(self.environment, self.rerankers, self.rerank, self.lasting.admit)

    @cached_property
    def shadows(self) -> ShadowServices:
        from rerank_gateway.entry.wiring.shadows import ShadowServices

        return ShadowServices(self.environment, self.rerank.rerank)

    @cached_property
    def models(self) -> FindModels:
        from rerank_gateway.use_cases.find_models import FindModels

        return FindModels(self.environment.routing, self.rerankers, self.environment.providers.models)

    @cached_property
    def check_targets(self) -> CheckTargets:
        from rerank_gateway.use_cases.check_targets import CheckTargets

        return CheckTargets(self.environment.routing, self.rerank.rerank.ask)

    @cached_property
    def rerankers(self) -> Rerankers:
        cached_reranker, lock = cache(self._reranker), Lock()

        def reranker(provider: str, /) -> Reranker:
            # A worker's threads all start at once, and are to share connections and what is known of keys.
            with lock:
                return cached_reranker(provider)

        return reranker

    def _reranker(self, provider: str) -> Reranker:
        if provider == LOCAL_PROVIDER:
            return self.lasting.local_reranker
        reranker = self._provider_reranker(provider)
        max_parallel = self.environment.config.provider(provider).max_parallel

        return self._bulkhead(provider, reranker, max_parallel) if max_parallel else reranker

    def _bulkhead(self, provider: str, reranker: Reranker, max_parallel: int) -> Reranker:
        from rerank_gateway.use_cases.routing.bulkhead import Bulkhead, WaitingLine

        if self.lasting.shared_places:
            return Bulkhead(reranker, self.lasting.shared_places(provider, max_parallel), WaitingLine(max_parallel))

        return Bulkhead.of(reranker, max_parallel)

    def _provider_reranker(self, provider: str) -> Reranker:
        from rerank_gateway.adapters.providers.reranker import ProviderReranker
        from rerank_gateway.adapters.signers import create_signer
        from rerank_gateway.adapters.signers.context import SigningContext

        providers = self.environment.providers
        description, settings = providers.description(provider), providers.settings(provider)
        context = SigningContext(self.lasting.transport, CLOCK, self.environment.aws.credentials)
        signer = create_signer(description.auth, settings, context)
        url, keys = self.environment.config.provider(provider).url, self._provider_keys

        return ProviderReranker(provider, description, self.lasting.transport, signer, keys, url, settings)

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
