"""What the names mean that callers use, and who is asked for a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from random import Random

from rerank_gateway.domain.errors import InvalidRequest, UnknownModel
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.plan import Plan, Stage, Strategy, build_plan
from rerank_gateway.domain.routing.preferences import SortKey
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Alias:
    """
    A name for one or more targets, asked in this order and *strategy*. One that is HEDGED is slow after *hedge_after*
    seconds. *last_resort* answers when everyone else failed.
    """

    targets: tuple[Target, ...]
    last_resort: Target | None = None
    strategy: Strategy = Strategy.FALLBACK
    hedge_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Routing:
    """
    The names that callers may use. *providers* are those the gateway can speak to; *providers_version* changes with
    what is behind their names.
    """

    providers: Collection[str]
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    last_resort: Target | None = None
    providers_version: str = ""

    def targets(self, name: str) -> tuple[Target, ...]:
        """The targets behind *name*, an alias or `provider/model`. Raises UnknownModel."""
        return self.resolve(name).targets

    def resolve(self, name: str) -> Alias:
        """What *name* stands for: a target's own name for that target. Raises UnknownModel."""
        if alias := self.aliases.get(name):
            return alias
        target = Target.parse(name)
        if target.provider not in self.providers:
            raise UnknownModel(f"there is no provider {target.provider[:200]!r}", param="model")

        return Alias((target,))

    def is_first_choice(self, request: RerankRequest, target: Target, answered: Collection[Target]) -> bool:
        """
        Whether what *target* gave is what *request* would rather have than its fallbacks. Of those whose rankings are
        fused, all must have *answered*.
        """
        choices = (_chosen(self.resolve(name), request, _unweighed) for name in _first_names(request))

        return any(
            target in stage.targets and (stage.strategy is not Strategy.FUSE or set(stage.targets) <= set(answered))
            for stage in choices
        )

    def require_targets(self, request: RerankRequest) -> None:
        """Raise InvalidRequest when, by the preferences of *request*, nobody may be asked for one of its models."""
        for name in _first_names(request):
            if not request.preferences.select(self.targets(name), _unweighed):
                raise InvalidRequest(f"provider leaves no target of {name[:200]!r} to ask", param="provider")

    @property
    def names(self) -> tuple[str, ...]:
        """Every alias and every target that the configuration names, for a list to choose from."""
        targets = [target for alias in self.aliases.values() for target in (*alias.targets, *_some(alias.last_resort))]

        return tuple(dict.fromkeys([*self.aliases, *map(str, (*targets, *_some(self.last_resort)))]))

    def plan(self, request: RerankRequest, rng: Random, sort_key: SortKey) -> Plan:
        """Whom to ask for *request*, the first choice first. *sort_key* is what targets are sorted by, if they are."""
        first = _first_choice(request, rng)
        alias = self.resolve(first)
        chosen = _chosen(alias, request, sort_key)
        if not request.preferences.allow_fallbacks:
            return build_plan([chosen])
        others = [_stage(other, other.targets) for other in map(self.resolve, request.fallbacks)]
        last_resort = _some(alias.last_resort or self.last_resort)

        return build_plan([chosen, *others, Stage(request.preferences.select(last_resort, sort_key))])


def _stage(alias: Alias, targets: tuple[Target, ...]) -> Stage:
    return Stage(targets, alias.strategy, alias.hedge_after)


def _chosen(alias: Alias, request: RerankRequest, sort_key: SortKey) -> Stage:
    """What is left of *alias* by the preferences of *request*."""
    targets = request.preferences.select(alias.targets, sort_key)

    return _stage(alias, targets) if request.preferences.allow_fallbacks else Stage(targets[:1])


def _unweighed(_: Target) -> float:
    return 0.0


def _some(target: Target | None) -> tuple[Target, ...]:
    return (target,) if target else ()


def _first_names(request: RerankRequest) -> list[str]:
    return [share.model for share in request.load_balancer] or [request.model]


def _first_choice(request: RerankRequest, rng: Random) -> str:
    """The model asked for, or the one that the request's load balancer draws."""
    if not request.load_balancer:
        return request.model
    weights = [share.weight for share in request.load_balancer]

    return rng.choices(request.load_balancer, weights)[0].model
