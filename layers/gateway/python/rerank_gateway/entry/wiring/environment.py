"""What all of the assembly stands on: settings, configuration, secrets, time and chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from random import SystemRandom
from typing import TYPE_CHECKING

from rerank_gateway.adapters.aws.json_api import SECRETS_MANAGER, SSM
from rerank_gateway.adapters.aws.patience import FAIL_FAST, STUBBORN
from rerank_gateway.adapters.aws.secrets_manager import SECRET_STALE_S, Secret, secret_ttl
from rerank_gateway.adapters.cache.ttl_cache import Staleness, TtlCache
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.domain.errors import Misconfigured
from rerank_gateway.entry.observability import log_warning
from rerank_gateway.entry.wiring.aws import AwsServices
from rerank_gateway.entry.wiring.settings import Settings

# What not every function needs is imported where it is assembled, as each import is part of a cold start.
if TYPE_CHECKING:
    from rerank_gateway.domain.routing.aliases import Routing
    from rerank_gateway.entry.config.config import Config
    from rerank_gateway.entry.wiring.configuration import Configuration, ConfigWatch
    from rerank_gateway.entry.wiring.providers import ConfiguredProviders

CLOCK = SystemClock()
# From the operating system, so that two environments restored from one snapshot draw differently.
RNG = SystemRandom()


@dataclass(frozen=True)
class Environment:
    """An execution environment of Lambda's, with its environment *variables*."""

    variables: Mapping[str, str]

    @cached_property
    def settings(self) -> Settings:
        return Settings.of(self.variables)

    @property
    def stack(self) -> str:
        """The name of the stack that this belongs to."""
        return self.settings.stack_name or "local"

    @property
    def xray_header(self) -> str:
        """Of the invocation under way: Lambda writes it anew for each."""
        return self.variables.get("_X_AMZN_TRACE_ID", "")

    @cached_property
    def aws(self) -> AwsServices:
        return AwsServices(self.variables, CLOCK, RNG)

    @cached_property
    def watch(self) -> ConfigWatch:
        from rerank_gateway.adapters.aws.ssm_parameters import SsmParameters
        from rerank_gateway.entry.wiring.configuration import ConfigWatch

        what, setting = "the gateway's configuration", self.settings.gateway_config
        parameters, hurried = (SsmParameters(self.aws.api(SSM, what, patience)) for patience in (STUBBORN, FAIL_FAST))

        return ConfigWatch(setting, parameters, hurried, CLOCK, RNG)

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration and its version. Raises Unavailable, or Misconfigured when there is a mistake in it."""
        return self.watch.current()

    def latest(self) -> Environment:
        """Itself, or one with the configuration that is in force now. Raises what *configuration* raises."""
        found = self.watch.current()
        if found is self.configuration:
            return self
        environment = Environment(self.variables)
        vars(environment).update(aws=self.aws, watch=self.watch, configuration=found)

        return environment

    @property
    def config(self) -> Config:
        return self.configuration.config

    @cached_property
    def routing(self) -> Routing:
        """The names that callers may use. Raises what *configuration* raises."""
        from rerank_gateway.entry.wiring.providers import CATALOGUE

        return self.config.routing(CATALOGUE)

    @cached_property
    def counted_targets(self) -> frozenset[str]:
        """Every target that the configuration names."""
        return frozenset(self.routing.names)

    @cached_property
    def providers(self) -> ConfiguredProviders:
        from rerank_gateway.entry.wiring.providers import ConfiguredProviders

        return ConfiguredProviders(self.config, self.settings.region, bool(self.settings.cpu_model))

    def secret(self, arn: str) -> Secret:
        secrets_manager = self.aws.api(SECRETS_MANAGER, "the gateway's secret store")
        staleness = Staleness(SECRET_STALE_S, "secret", log_warning)

        return Secret(arn, secrets_manager, TtlCache(secret_ttl(RNG), CLOCK, staleness))


@contextmanager
def misconfigured_on_mistake() -> Iterator[None]:
    try:
        yield
    except (ValueError, OSError) as mistake:
        raise Misconfigured(str(mistake)) from mistake
