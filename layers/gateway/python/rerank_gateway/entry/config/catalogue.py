"""What a configuration has to know of providers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from rerank_gateway.domain.target import LOCAL_PROVIDER
from rerank_gateway.entry.config.tables import ProviderTable

__all__ = ["LOCAL_PROVIDER", "Catalogue"]


class Catalogue(Protocol):
    """The providers that a configuration may name."""

    @property
    def names(self) -> Collection[str]: ...

    def settings(self, name: str) -> Collection[str]:
        """The names of the settings that the provider called *name* has."""

    def lacking(self, name: str, table: ProviderTable) -> Collection[str]:
        """What *table* must say before the provider called *name* can be asked, and does not."""
