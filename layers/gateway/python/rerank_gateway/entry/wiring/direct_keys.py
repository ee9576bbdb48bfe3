"""Assembly of what ranks with a provider's own key. Only the first caller that brings one needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import inf

from rerank_gateway.adapters.credentials.key_ring import KeyRing, ProviderKey
from rerank_gateway.adapters.providers.auth import HeaderAuth
from rerank_gateway.adapters.providers.reranker import ProviderReranker
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.transports.messages import Transport
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.constraints import UNDECLARED
from rerank_gateway.domain.errors import TargetNotConfigured
from rerank_gateway.domain.ports import Reranker, Rerankers
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.entry.config.catalogue import LOCAL_PROVIDER
from rerank_gateway.entry.wiring.environment import CLOCK, RNG
from rerank_gateway.entry.wiring.providers import ConfiguredProviders
from rerank_gateway.use_cases.authorize import Authorize
from rerank_gateway.use_cases.direct_rerank import DirectRerank
from rerank_gateway.use_cases.rerank import Rerank

NO_KEY = "it takes none"
SIGNED = "its requests are signed, or carry a token"
KEYLESS = "its servers may run without a key"
ACCOUNT = "it needs settings that belong to the operator's account"


@dataclass(frozen=True)
class DirectRanking:
    """What ranks for one key at a time: but for connections, nothing of it is shared with anybody else."""

    providers: ConfiguredProviders
    transport: Transport
    authorize: Authorize
    rerank: Rerank

    def __call__(self, secret: str) -> DirectRerank:
        rerankers, routing = DirectRerankers(self.providers, self.transport, secret), self._routing
        # A stranger's bad key must not close a target for others, nor theirs for the stranger.
        ask = replace(self.rerank.ask, rerankers=rerankers, breaker=CircuitBreaker(CLOCK, inf))
        names = replace(self.authorize.resolve_names, routing=routing, rerankers=rerankers)
        authorize = replace(self.authorize, routing=routing, rerankers=rerankers, resolve_names=names)

        return DirectRerank(authorize, Rerank(routing, ask), rerankers.refusal)

    @cached_property
    def _routing(self) -> Routing:
        """The operator's names, without those who answer at the operator's cost when everyone else failed."""
        routing = self.rerank.routing
        aliases = {name: replace(alias, last_resort=None) for name, alias in routing.aliases.items()}

        return replace(routing, aliases=aliases, last_resort=None)


@dataclass(frozen=True, slots=True)
class DirectRerankers(Rerankers):
    """The ways to providers with one caller's key, the *secret*."""

    providers: ConfiguredProviders
    transport: Transport
    secret: str = field(repr=False)

    def __call__(self, provider: str, /) -> Reranker:
        if reason := self.refusal(provider):
            raise TargetNotConfigured(f"{provider} takes no key of the caller's own: {reason}", lacks="key")
        # Terms are what the operator's contract says, and settings may name the operator's workspace or team.
        description = replace(self.providers.description(provider), terms=UNDECLARED)
        settings = {name: value for name, value in description.settings.items() if value is not None}
        url, keys = self.providers.config.provider(provider).url, KeyRing(self._keys, CLOCK, RNG)

        signer = create_signer(description.auth, settings, SigningContext(self.transport, CLOCK))

        return ProviderReranker(provider, description, self.transport, signer, keys, url, settings)

    def refusal(self, provider: str) -> str:
        """Why *provider* takes no key of a caller's; "" where it does."""
        if provider == LOCAL_PROVIDER:
            return NO_KEY
        description = self.providers.description(provider)
        if not isinstance(description.auth, HeaderAuth):
            return SIGNED
        if not description.needs_key:
            return KEYLESS

        return ACCOUNT if None in description.settings.values() else ""

    def _keys(self, _: str) -> Sequence[ProviderKey]:
        # Numbers are for the operator's keys.
        return [ProviderKey(self.secret, number=0)]
