"""What a key can really ask for: whom it allows, and who has all the settings that it takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.model import Model
from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class FindModels:
    """*models* has the names of those that a provider is known to have."""

    routing: Routing
    rerankers: Rerankers
    models: Callable[[str], Collection[str]]

    def all(self, key: VirtualKey) -> list[Model]:
        """Aliases first, then what the configuration names, then whatever else there is."""
        missing: dict[str, TargetMissing] = {}
        found = (self._model(name, missing) for name in self._names() if self._is_allowed(key, name))

        return [model for model in found if model]

    def one(self, key: VirtualKey, name: str) -> Model:
        """The one called *name*. Raises UnknownModel, NotAllowed or TargetMissing, which names what is missing."""
        key.must_allow(name, self.routing.targets(name))
        missing: dict[str, TargetMissing] = {}
        if model := self._model(name, missing):
            return model

        raise next(iter(missing.values()))

    def _names(self) -> Iterator[str]:
        others = (
            f"{provider}/{model}" for provider in sorted(self.routing.providers) for model in self.models(provider)
        )

        yield from dict.fromkeys([*self.routing.names, *others])

    def _is_allowed(self, key: VirtualKey, name: str) -> bool:
        return key.allows(name, self.routing.targets(name))

    def _model(self, name: str, missing: dict[str, TargetMissing]) -> Model | None:
        targets = tuple(target for target in self.routing.targets(name) if self._can_be_asked(target, missing))
        if not targets:
            return None

        return Model(name, targets, self.rerankers(targets[0].provider).profile(targets[0].model))

    def _can_be_asked(self, target: Target, missing: dict[str, TargetMissing]) -> bool:
        """Whether nothing is missing; what is, of a provider, is looked for but once."""
        if target.provider not in missing:
            try:
                self.rerankers(target.provider).require_access(target.model)
            except TargetMissing as error:
                missing[target.provider] = error

        return target.provider not in missing
