"""The catalogue's providers, as the operator has configured them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from rerank_gateway.adapters.aws.partitions import partition_of
from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.domain.errors import TargetNotConfigured
from rerank_gateway.entry.config.catalogue import LOCAL_PROVIDER, Catalogue
from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.config.tables import ProviderTable

LOCAL_MODEL, LOCAL_CROSS_ENCODER = "bm25", "cross-encoder"


class ProviderCatalogue(Catalogue):
    names = registry.NAMES

    def settings(self, name: str) -> Collection[str]:
        return registry.provider(name).settings

    def lacking(self, name: str, table: ProviderTable) -> Collection[str]:
        given = {*(table.model_extra or {}), *(("url",) if table.url else ())}

        return [each for each in registry.NEEDED.get(name, ()) if each not in given]


CATALOGUE = ProviderCatalogue()


@dataclass(frozen=True, slots=True)
class ConfiguredProviders:
    """
    *region* is where AWS's own services are called, unless the configuration says otherwise; *has_cross_encoder* says
    that a model runs inside the gateway.
    """

    config: Config
    region: str
    has_cross_encoder: bool = False

    def description(self, name: str) -> Provider:
        """The description behind *name*: its own in the catalogue, or that of the provider it is like."""
        table = self.config.provider(name)
        description = replace(registry.provider(table.like or name).at(table.url or ""), terms=table.terms)
        if table.max_documents:
            description = description.taking(table.max_documents)

        description = description.scoring(table.scores) if table.scores else description
        # The first glob that fits counts, and the operator knows their contract.
        prices = {**self.config.prices_of(name), **description.prices}

        return replace(description, max_tokens_per_doc=table.max_tokens_per_doc, prices=prices)

    def key_variables(self, name: str) -> tuple[str, ...]:
        """The environment's variables that may hold its key: a provider that the operator named has NAME_API_KEY."""
        if self.config.provider(name).like:
            return (f"{name.upper().replace('-', '_')}_API_KEY",)

        return self.description(name).key_variables

    def models(self, name: str) -> tuple[str, ...]:
        """The models of the provider called *name* that its description names."""
        if name == LOCAL_PROVIDER:
            return (LOCAL_MODEL, LOCAL_CROSS_ENCODER) if self.has_cross_encoder else (LOCAL_MODEL,)

        return self.description(name).models

    def settings(self, name: str) -> dict[str, str]:
        """
        The settings of the provider called *name*, with what follows from them. Raises TargetMissing when the
        configuration lacks one.
        """
        description = self.description(name)
        is_aws = isinstance(description.auth, SignedAuth) and description.auth.by == "aws"
        region = {"region": self.region} if self.region and is_aws else {}
        merged = {**description.settings, **region, **(self.config.provider(name).model_extra or {})}
        if lacking := [setting for setting, value in merged.items() if value is None]:
            message = f"[providers.{name}] in the gateway's configuration lacks {lacking[0]}: set it there"
            raise TargetNotConfigured(message, lacks=f"setting {lacking[0]}")

        given = {setting: value for setting, value in merged.items() if value is not None}

        return {**given, "dns_suffix": partition_of(given["region"]).dns_suffix} if is_aws else given
