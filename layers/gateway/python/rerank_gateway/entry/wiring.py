"""Settings and assembly: the one place where ports meet what fills them. Nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from random import SystemRandom
from typing import TYPE_CHECKING

from rerank_gateway.adapters import catalogue
from rerank_gateway.adapters.clock import SystemClock
from rerank_gateway.adapters.dynamodb_keys import FRESH as KEYS_FRESH
from rerank_gateway.adapters.dynamodb_keys import DynamoKeys, MasterKey
from rerank_gateway.adapters.key_ring import KeyRing, KeySource
from rerank_gateway.adapters.provider_keys import EnvironmentKeys, SecretKeys
from rerank_gateway.adapters.provider_reranker import ProviderReranker
from rerank_gateway.adapters.recent import Recent
from rerank_gateway.adapters.secrets_manager import FRESH as SECRETS_FRESH
from rerank_gateway.adapters.secrets_manager import Secret
from rerank_gateway.domain.ports import Keys, Reranker
from rerank_gateway.entry import config
from rerank_gateway.use_cases.admit import Admit
from rerank_gateway.use_cases.rerank import Rerank

if TYPE_CHECKING:
    from rerank_gateway.adapters.carriers.https import HttpsCarrier

CLOCK = SystemClock()
# From the operating system, so that two environments restored from one snapshot draw differently.
CHANCE = SystemRandom()


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting there is; see the table in README."""

    gateway_config: str = ""
    provider_secrets_arn: str = ""
    master_key_arn: str = ""
    master_key: str = ""
    keys_table: str = ""

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Settings:
        return cls(**{name: variables.get(name.upper(), "") for name in cls.__slots__})


@dataclass(frozen=True)
class Wiring:
    """The use cases, each built when it is first needed and once."""

    settings: Settings
    variables: Mapping[str, str]

    @cached_property
    def config(self) -> config.Config:
        return config.load(self.settings.gateway_config)

    @cached_property
    def admit(self) -> Admit:
        return Admit(self._keys(), self.config.routing, self.config.limits.max_documents, CLOCK)

    @cached_property
    def rerank(self) -> Rerank:
        return Rerank(self.config.routing, cache(self._reranker), CLOCK, CHANCE)

    def close(self) -> None:
        """Let go of all connections."""
        self._carrier.close()

    def _keys(self) -> Keys:
        table = self.settings.keys_table
        others = DynamoKeys(table, Recent(KEYS_FRESH, CLOCK)) if table else None
        if token := self.settings.master_key:
            return MasterKey(lambda: token, others)
        secret = self._secret(self.settings.master_key_arn)

        return MasterKey(secret.value, others)

    def _reranker(self, provider: str) -> Reranker:
        if provider == config.LOCAL:
            # Loaded when needed, as not every function ranks, and not every ranking is done here.
            from rerank_gateway.adapters.local_reranker import LocalReranker

            return LocalReranker()

        return ProviderReranker(
            catalogue.provider(provider), self._carrier, self._provider_keys, self.config.url(provider)
        )

    @cached_property
    def _carrier(self) -> HttpsCarrier:
        from rerank_gateway.adapters.carriers.https import HttpsCarrier

        return HttpsCarrier()

    @cached_property
    def _provider_keys(self) -> KeyRing:
        arn = self.settings.provider_secrets_arn
        source: KeySource = SecretKeys(self._secret(arn)) if arn else EnvironmentKeys(self.variables)

        return KeyRing(source, CLOCK, CHANCE)

    def _secret(self, arn: str) -> Secret:
        return Secret(arn, Recent(SECRETS_FRESH, CLOCK))


@cache
def wiring() -> Wiring:
    """The one of this environment."""
    return Wiring(Settings.of(os.environ), os.environ)
