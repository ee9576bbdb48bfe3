"""Settings and assembly: the one place where ports meet what fills them. Nothing else reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from random import SystemRandom
from typing import TYPE_CHECKING

from rerank_gateway.adapters.clock import SystemClock
from rerank_gateway.adapters.dynamodb_keys import FRESH as KEYS_FRESH
from rerank_gateway.adapters.dynamodb_keys import DynamoKeys, MasterKey
from rerank_gateway.adapters.recent import Recent
from rerank_gateway.adapters.secrets_manager import FRESH as SECRETS_FRESH
from rerank_gateway.adapters.secrets_manager import Secret
from rerank_gateway.domain.ports import Keys
from rerank_gateway.use_cases.authenticate import Authenticate

# What not every function needs is imported where it is assembled, as each import is part of a cold start.
if TYPE_CHECKING:
    from rerank_gateway.entry.config import Config
    from rerank_gateway.entry.job_wiring import JobWiring
    from rerank_gateway.entry.rerank_wiring import RerankWiring

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
class Wiring:
    """Everything that is assembled, each part when it is first needed and once."""

    settings: Settings
    variables: Mapping[str, str]

    @cached_property
    def config(self) -> Config:
        from rerank_gateway.entry import config

        return config.load(self.settings.gateway_config)

    @cached_property
    def authenticate(self) -> Authenticate:
        return Authenticate(self._keys(), CLOCK)

    @cached_property
    def ranking(self) -> RerankWiring:
        from rerank_gateway.entry.rerank_wiring import RerankWiring

        return RerankWiring(self)

    @cached_property
    def jobs(self) -> JobWiring:
        from rerank_gateway.entry.job_wiring import JobWiring

        return JobWiring(self)

    def secret(self, arn: str) -> Secret:
        return Secret(arn, Recent(SECRETS_FRESH, CLOCK))

    def _keys(self) -> Keys:
        table = self.settings.keys_table
        others = DynamoKeys(table, Recent(KEYS_FRESH, CLOCK)) if table else None
        if token := self.settings.master_key:
            return MasterKey(lambda: token, others)

        return MasterKey(self.secret(self.settings.master_key_arn).value, others)


@cache
def wiring() -> Wiring:
    """The one of this environment."""
    return Wiring(Settings.of(os.environ), os.environ)
