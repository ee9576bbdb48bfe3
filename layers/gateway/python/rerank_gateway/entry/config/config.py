"""The gateway's configuration, a TOML text."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rerank_gateway.domain.price import Price
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import FUSE_WAIT_S, Strategy
from rerank_gateway.domain.shadows.shadow import Shadow
from rerank_gateway.domain.target import Target
from rerank_gateway.entry.config.catalogue import LOCAL_PROVIDER, Catalogue
from rerank_gateway.entry.config.tables import AliasTable, LimitsTable, PriceTable, ProviderTable, Table

DEFAULT_ALIAS = "default"
SHADOW_SHARE = 0.05
"""Of an alias that does not say."""


class Config(Table):
    """The whole of it."""

    aliases: dict[str, AliasTable] = Field(default_factory=dict)
    providers: dict[str, ProviderTable] = Field(default_factory=dict)
    limits: LimitsTable = LimitsTable()
    prices: dict[str, PriceTable] = Field(default_factory=dict)
    last_resort: str | None = None
    applications: list[str] = Field(default_factory=list)
    end_users: Literal["hashed", "plain"] = "hashed"

    def routing(self, catalogue: Catalogue) -> Routing:
        """The names that callers may use."""
        providers = frozenset((LOCAL_PROVIDER, *catalogue.names, *self.providers))
        aliases = {name: _alias(table) for name, table in (DEFAULT_ALIASES | self.aliases).items()}

        return Routing(
            providers,
            aliases,
            _target(self.last_resort),
            providers_version=repr(sorted(self.providers.items())),
            # Not the one that there is anyway: who forgets the model is told so, unless the operator wants otherwise.
            default_model=DEFAULT_ALIAS if DEFAULT_ALIAS in self.aliases else None,
        )

    def prices_of(self, provider: str) -> dict[str, Price]:
        """The operator's prices for the models of *provider*, by globs, in their order."""
        named = ((name.partition("/"), table) for name, table in self.prices.items())

        return {model: table.price for (prefix, _, model), table in named if prefix == provider}

    def provider(self, name: str) -> ProviderTable:
        """What is configured for the provider called *name*."""
        return self.providers.get(name) or NO_SETTINGS


NO_SETTINGS = ProviderTable()


def _alias(table: AliasTable) -> Alias:
    return Alias(
        tuple(Target.parse(text) for text in table.targets),
        _target(table.last_resort),
        Strategy.FUSE if table.fuse else Strategy.HEDGE if table.hedge_after_ms else Strategy.FALLBACK,
        hedge_after=(table.hedge_after_ms or 0) / 1000,
        max_tokens_per_doc=table.max_tokens_per_doc,
        fuse_wait=table.fuse_wait_ms / 1000 if table.fuse_wait_ms else FUSE_WAIT_S,
        shadow=_shadow(table),
    )


def _shadow(table: AliasTable) -> Shadow | None:
    share = SHADOW_SHARE if table.shadow_share is None else table.shadow_share

    return Shadow(Target.parse(table.shadow), share) if table.shadow else None


def _target(text: str | None) -> Target | None:
    return Target.parse(text) if text else None


DEFAULT_ALIASES = {DEFAULT_ALIAS: AliasTable(targets=["local/bm25"])}
"""What there is until the configuration says otherwise: `default` ranks without any provider."""
DEFAULT_CONFIG = Config()
