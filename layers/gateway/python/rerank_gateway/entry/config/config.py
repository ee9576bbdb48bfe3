"""The gateway's configuration, a TOML text."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Protocol

from pydantic import Field

from rerank_gateway.domain.errors import UnknownModel
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import FUSE_WAIT_S, Strategy
from rerank_gateway.domain.target import Target
from rerank_gateway.entry.config.tables import AliasTable, LimitsTable, ProviderTable, Table

LOCAL_PROVIDER = "local"
SSM_PREFIX = "ssm:"


class Catalogue(Protocol):
    """The providers that a configuration may name."""

    @property
    def names(self) -> Collection[str]: ...

    def settings(self, name: str) -> Collection[str]:
        """The names of the settings that the provider called *name* has."""


class Config(Table):
    """The whole of it."""

    aliases: dict[str, AliasTable] = Field(default_factory=dict)
    providers: dict[str, ProviderTable] = Field(default_factory=dict)
    limits: LimitsTable = LimitsTable()
    last_resort: str | None = None
    applications: list[str] = Field(default_factory=list)

    def routing(self, catalogue: Catalogue) -> Routing:
        """The names that callers may use. Raises ValueError when one of them leads nowhere."""
        known = Routing(providers=frozenset((LOCAL_PROVIDER, *catalogue.names, *self.providers)))
        for name, table in self.providers.items():
            _check_provider(name, table, catalogue)
        aliases = {name: _alias(name, table, known) for name, table in (DEFAULT_ALIASES | self.aliases).items()}
        last_resort = _target("last_resort", self.last_resort, known)

        return Routing(known.providers, aliases, last_resort, providers_version=repr(sorted(self.providers.items())))

    def provider(self, name: str) -> ProviderTable:
        """What is configured for the provider called *name*."""
        return self.providers.get(name) or NO_SETTINGS


NO_SETTINGS = ProviderTable()


def _check_provider(name: str, table: ProviderTable, catalogue: Catalogue) -> None:
    kind = table.like or name
    if kind not in catalogue.names:
        raise ValueError(f"[providers.{name}] is no provider" + (f", nor is {kind}" if table.like else ""))
    # A provider is loaded for this, so only for one that has settings.
    unknown = set(table.model_extra) - set(catalogue.settings(kind)) if table.model_extra else ()
    for setting in unknown:
        raise ValueError(f"[providers.{name}] has no setting {setting}")


def _alias(name: str, table: AliasTable, known: Routing) -> Alias:
    place = f"[aliases.{name}]"
    targets = [target for text in table.targets for target in [_target(place, text, known)] if target]
    if table.fuse and table.hedge_after_ms:
        raise ValueError(f"{place} has both fuse and hedge_after_ms: choose one")
    if table.fuse_wait_ms and not table.fuse:
        raise ValueError(f"{place} has fuse_wait_ms, but no fuse")

    return Alias(
        tuple(targets),
        _target(place, table.last_resort, known),
        Strategy.FUSE if table.fuse else Strategy.HEDGE if table.hedge_after_ms else Strategy.FALLBACK,
        hedge_after=(table.hedge_after_ms or 0) / 1000,
        max_tokens_per_doc=table.max_tokens_per_doc,
        fuse_wait=table.fuse_wait_ms / 1000 if table.fuse_wait_ms else FUSE_WAIT_S,
    )


def _target(place: str, text: str | None, known: Routing) -> Target | None:
    if text is None:
        return None
    try:
        return known.targets(text)[0]
    except UnknownModel as unknown:
        raise ValueError(f"{place}: {unknown.message}") from unknown


DEFAULT_ALIASES = {"default": AliasTable(targets=["local/bm25"])}
"""What there is until the configuration says otherwise: `default` ranks without any provider."""
DEFAULT_CONFIG = Config()


def load(setting: str, read_parameter: Callable[[str], str]) -> Config:
    """
    The configuration that GATEWAY_CONFIG names: a TOML text, a path to one, `ssm:/parameter/name` for
    *read_parameter*, or "" for the packaged defaults. Raises ValueError (or OSError) about what is wrong in it, and
    what *read_parameter* raises.
    """
    if not setting:
        return DEFAULT_CONFIG
    import tomllib  # 5 ms of a cold start, which a gateway without a configuration need not pay

    return Config.model_validate(tomllib.loads(_read_text(setting, read_parameter)))


def _read_text(setting: str, read_parameter: Callable[[str], str]) -> str:
    if setting.startswith(SSM_PREFIX):
        return read_parameter(setting.removeprefix(SSM_PREFIX))
    if "=" in setting or "[" in setting:
        return setting

    return Path(setting).read_text("utf-8")
