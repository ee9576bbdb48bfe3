"""The gateway's configuration, a TOML text."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.domain.errors import TargetMissing, UnknownModel
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import Strategy
from rerank_gateway.domain.target import Target
from rerank_gateway.entry.config.tables import AliasTable, LimitsTable, ProviderTable, Table

if TYPE_CHECKING:
    from rerank_gateway.adapters.providers.description import Provider

LOCAL_PROVIDER = "local"
SSM_PREFIX = "ssm:"


class Config(Table):
    """The whole of it."""

    aliases: dict[str, AliasTable] = Field(default_factory=dict)
    providers: dict[str, ProviderTable] = Field(default_factory=dict)
    limits: LimitsTable = LimitsTable()
    last_resort: str | None = None

    @cached_property
    def routing(self) -> Routing:
        """The names that callers may use. Raises ValueError when one of them leads nowhere."""
        known = Routing(providers=frozenset((LOCAL_PROVIDER, *registry.NAMES, *self.providers)))
        for name, table in self.providers.items():
            _check_provider(name, table)
        aliases = {name: _alias(name, table, known) for name, table in self.aliases.items()}
        last_resort = _target("last_resort", self.last_resort, known)

        return Routing(known.providers, aliases, last_resort, providers_version=repr(sorted(self.providers.items())))

    def provider(self, name: str) -> ProviderTable:
        """What is configured for the provider called *name*."""
        return self.providers.get(name) or NO_SETTINGS

    def described(self, name: str) -> Provider:
        """The description behind *name*: its own in the catalogue, or that of the provider it is like."""
        table = self.provider(name)
        description = registry.provider(table.like or name)

        return description.taking(table.max_documents) if table.max_documents else description

    def settings(self, name: str, region: str) -> dict[str, str]:
        """
        The settings of the provider called *name*; AWS's own services are asked in *region* unless it says otherwise.

        Raises TargetMissing when the configuration lacks one.
        """
        description = self.described(name)
        is_aws = isinstance(description.auth, SignedAuth) and description.auth.by == "aws"
        given = {"region": region} if region and is_aws else {}
        known = {**description.settings, **given, **(self.provider(name).model_extra or {})}
        if lacking := [setting for setting, value in known.items() if value is None]:
            raise TargetMissing(f"[providers.{name}] in the gateway's configuration lacks {lacking[0]}")

        return {setting: value for setting, value in known.items() if value is not None}


NO_SETTINGS = ProviderTable()


def _check_provider(name: str, table: ProviderTable) -> None:
    kind = table.like or name
    if kind not in registry.NAMES:
        raise ValueError(f"[providers.{name}] is no provider" + (f", nor is {kind}" if table.like else ""))
    # Only who has settings is loaded for this.
    unknown = set(table.model_extra) - set(registry.provider(kind).settings) if table.model_extra else ()
    for setting in unknown:
        raise ValueError(f"[providers.{name}] has no setting {setting}")


def _alias(name: str, table: AliasTable, known: Routing) -> Alias:
    place = f"[aliases.{name}]"
    targets = [target for text in table.targets for target in [_target(place, text, known)] if target]
    if table.fuse and table.hedge_after_ms:
        raise ValueError(f"{place} has both fuse and hedge_after_ms: choose one")
    strategy = Strategy.FUSE if table.fuse else Strategy.HEDGE if table.hedge_after_ms else Strategy.FALLBACK

    return Alias(tuple(targets), _target(place, table.last_resort, known), strategy, (table.hedge_after_ms or 0) / 1000)


def _target(place: str, text: str | None, known: Routing) -> Target | None:
    if text is None:
        return None
    try:
        return known.targets(text)[0]
    except UnknownModel as unknown:
        raise ValueError(f"{place}: {unknown.message}") from unknown


DEFAULT_CONFIG = Config(aliases={"default": AliasTable(targets=["local/bm25"])})
"""What the gateway does when nobody has configured it: `default` ranks without any provider."""


def load(setting: str) -> Config:
    """
    The configuration that GATEWAY_CONFIG names: a TOML text, a path to one, `ssm:/parameter/name`, or "" for the
    packaged defaults. Raises ValueError (or OSError) about what is wrong in it, Unavailable for SSM.
    """
    if not setting:
        return DEFAULT_CONFIG
    import tomllib  # 5 ms of a cold start, which a gateway without a configuration need not pay

    return Config.model_validate(tomllib.loads(_read_text(setting)))


def _read_text(setting: str) -> str:
    if setting.startswith(SSM_PREFIX):
        return _read_parameter(setting.removeprefix(SSM_PREFIX))
    if "=" in setting or "[" in setting:
        return setting

    return Path(setting).read_text("utf-8")


def _read_parameter(name: str) -> str:
    with unavailable_on_aws_error("the gateway's configuration"):
        found = aws_client("ssm").get_parameter(Name=name, WithDecryption=True)
        value: str = found["Parameter"]["Value"]

        return value
