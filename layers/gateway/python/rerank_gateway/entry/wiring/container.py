"""Settings and assembly: the one place where ports meet what fills them. Nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from random import SystemRandom
from typing import TYPE_CHECKING

from rerank_gateway.adapters.aws.dynamodb_keys import KEY_TTL_S, DynamoKeyStore, MasterKeyStore
from rerank_gateway.adapters.aws.secrets_manager import SECRET_TTL_S, Secret
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.domain.ports import KeyStore
from rerank_gateway.use_cases.authenticate import Authenticate

# What not every function needs is imported where it is assembled, as each import is part of a cold start.
if TYPE_CHECKING:
    from rerank_gateway.entry.config.config import Config
    from rerank_gateway.entry.wiring.jobs import JobContainer
    from rerank_gateway.entry.wiring.ranking import RankingContainer

CLOCK = SystemClock()
# From the operating system, so that two environments restored from one snapshot draw differently.
RNG = SystemRandom()


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting there is; see the table in docs/configuration.md."""

    gateway_config: str = ""
    provider_secrets_arn: str = ""
    master_key_arn: str = ""
    master_key: str = ""
    keys_table: str = ""
    jobs_table: str = ""
    jobs_queue_url: str = ""
    dead_letter_queue_arn: str = ""
    payload_bucket: str = ""
    event_bus: str = ""
    cache_table: str = ""
    aws_region: str = ""
    aws_default_region: str = ""

    @property
    def region(self) -> str:
        """AWS's, as Lambda says it, or as people do on their own machines."""
        return self.aws_region or self.aws_default_region

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Settings:
        return cls(**{name: variables.get(name.upper(), "") for name in cls.__slots__})


@dataclass(frozen=True)
class Container:
    """Everything that is assembled, each part when it is first needed and once."""

    settings: Settings
    variables: Mapping[str, str]

    @cached_property
    def config(self) -> Config:
        from rerank_gateway.entry.config import config

        return config.load(self.settings.gateway_config)

    @cached_property
    def authenticate(self) -> Authenticate:
        return Authenticate(self._keys(), CLOCK)

    @cached_property
    def ranking(self) -> RankingContainer:
        from rerank_gateway.entry.wiring.ranking import RankingContainer

        return RankingContainer(self)

    @cached_property
    def jobs(self) -> JobContainer:
        from rerank_gateway.entry.wiring.jobs import JobContainer

        return JobContainer(self)

    def secret(self, arn: str) -> Secret:
        return Secret(arn, TtlCache(SECRET_TTL_S, CLOCK))

    def _keys(self) -> KeyStore:
        table = self.settings.keys_table
        others = DynamoKeyStore(table, TtlCache(KEY_TTL_S, CLOCK)) if table else None
        if token := self.settings.master_key:
            return MasterKeyStore(lambda: token, others)

        return MasterKeyStore(self.secret(self.settings.master_key_arn).value, others)


@cache
def wiring() -> Container:
    """The one of this environment."""
    return Container(Settings.of(os.environ), os.environ)
