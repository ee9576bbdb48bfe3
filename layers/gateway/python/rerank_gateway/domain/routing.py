"""Who is asked for a request, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from random import Random

from rerank_gateway.domain.errors import UnknownModel
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Alias:
    """A name for one or more targets, asked in this order. *last_resort* answers when everyone else failed."""

    targets: tuple[Target, ...]
    last_resort: Target | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """The names that callers may use. *providers* are those the gateway can speak to."""

    providers: Collection[str]
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    last_resort: Target | None = None

    def targets(self, name: str) -> tuple[Target, ...]:
        """The targets behind *name*, an alias or `provider/model`. Raises UnknownModel."""
        if alias := self.aliases.get(name):
            return alias.targets
        target = Target.parse(name)
        if target.provider not in self.providers:
            raise UnknownModel(f"there is no provider {target.provider[:200]!r}", param="model")

        return (target,)

    @property
    def names(self) -> tuple[str, ...]:
        """Every alias and every target that the configuration names, for a list to choose from."""
        targets = [target for alias in self.aliases.values() for target in (*alias.targets, *_some(alias.last_resort))]

        return tuple(dict.fromkeys([*self.aliases, *map(str, (*targets, *_some(self.last_resort)))]))

    def plan(self, request: RerankRequest, chance: Random) -> tuple[Target, ...]:
        """The targets for *request*, the first choice first, none of them twice."""
        first = _first_choice(request, chance)
        asked = [target for name in (first, *request.fallbacks) for target in self.targets(name)]

        return tuple(dict.fromkeys([*asked, *self._last_resort(first)]))

    def _last_resort(self, name: str) -> tuple[Target, ...]:
        alias = self.aliases.get(name)

        return _some((alias and alias.last_resort) or self.last_resort)


def _some(target: Target | None) -> tuple[Target, ...]:
    return (target,) if target else ()


def _first_choice(request: RerankRequest, chance: Random) -> str:
    """The model asked for, or the one that the request's load balancer draws."""
    if not request.balance:
        return request.model
    weights = [share.weight for share in request.balance]

    return chance.choices(request.balance, weights)[0].model
