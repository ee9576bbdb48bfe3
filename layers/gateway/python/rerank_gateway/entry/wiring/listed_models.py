"""Who has a model of a certain name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from rerank_gateway.domain.target import LOCAL_PROVIDER, Target
from rerank_gateway.entry.wiring.providers import ConfiguredProviders


@dataclass(frozen=True)
class ListedModels:
    """The models that the providers called *names* are known to have, all of whom are loaded when one is asked for."""

    providers: ConfiguredProviders
    names: Collection[str]

    def __call__(self, model: str) -> tuple[Target, ...]:
        """The targets called *model*, one for each vendor: where a vendor has several APIs, of the first of them."""
        return tuple(self._targets.get(model, {}).values())

    @cached_property
    def _targets(self) -> Mapping[str, Mapping[object, Target]]:
        found: dict[str, dict[object, Target]] = {}
        for name in sorted(self.names):
            vendor = self._vendor(name)
            for model in self.providers.models(name):
                found.setdefault(model, {}).setdefault(vendor, Target(name, model))

        return found

    def _vendor(self, name: str) -> object:
        """What providers have in common that are one vendor's: the variables that hold its key."""
        return (() if name == LOCAL_PROVIDER else self.providers.key_variables(name)) or name
