"""The catalogue's providers, as the operator has configured them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.entry.config.config import Catalogue, Config


class ProviderCatalogue(Catalogue):
    names = registry.NAMES

    def settings(self, name: str) -> Collection[str]:
        return registry.provider(name).settings


CATALOGUE = ProviderCatalogue()


@dataclass(frozen=True, slots=True)
class ConfiguredProviders:
    """*region* is where AWS's own services are called, unless the configuration says otherwise."""

    config: Config
    region: str

    def description(self, name: str) -> Provider:
        """The description behind *name*: its own in the catalogue, or that of the provider it is like."""
        table = self.config.provider(name)
        description = registry.provider(table.like or name)

        description = description.scoring(table.scores) if table.scores else description

        return description.taking(table.max_documents) if table.max_documents else description

    def key_variables(self, name: str) -> tuple[str, ...]:
        """The environment's variables that may hold its key: a provider that the operator named has NAME_API_KEY."""
        if self.config.provider(name).like:
            return (f"{name.upper().replace('-', '_')}_API_KEY",)

        return self.description(name).key_variables

    def settings(self, name: str) -> dict[str, str]:
        """The settings of the provider called *name*. Raises TargetMissing when the configuration lacks one."""
        description = self.description(name)
        is_aws = isinstance(description.auth, SignedAuth) and description.auth.by == "aws"
        region = {"region": self.region} if self.region and is_aws else {}
        merged = {**description.settings, **region, **(self.config.provider(name).model_extra or {})}
        if lacking := [setting for setting, value in merged.items() if value is None]:
            raise TargetMissing(f"[providers.{name}] in the gateway's configuration lacks {lacking[0]}")

        return {setting: value for setting, value in merged.items() if value is not None}
