"""What the names mean that callers use, and who is asked for a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from random import Random

from rerank_gateway.domain.errors import InvalidRequest, UnknownModel
from rerank_gateway.domain.preferences import SortKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.plan import Plan, Stage, Strategy
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Alias:
    """
    A name for one or more targets, asked in this order and by this *strategy*. One that is hedged is slow after
    *hedge_after* seconds. *last_resort* answers when everyone else failed.
    """

    targets: tuple[Target, ...]
    last_resort: Target | None = None
    strategy: Strategy = Strategy.FALLBACK
    hedge_after: float = 0.0

    def stage(self, targets: tuple[Target, ...]) -> Stage:
        """Those *targets* of it that may be asked, as a stage of a plan."""
        return Stage(targets, self.strategy, self.hedge_after)


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

    @property
    def names(self) -> tuple[str, ...]:
        """Every alias and every target that the configuration names, for a list to choose from."""
        aliases = self.aliases.values()
        targets = [target for alias in aliases for target in (*alias.targets, *_if_any(alias.last_resort))]

        return tuple(dict.fromkeys([*self.aliases, *map(str, (*targets, *_if_any(self.last_resort)))]))

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

    def require_targets(self, request: RerankRequest) -> None:
        """Raise InvalidRequest when, by the preferences of *request*, nobody may be asked for one of its models."""
        for name in _primary_models(request):
            if not request.preferences.select(self.targets(name)):
                raise InvalidRequest(f"provider leaves no target of {name[:200]!r} to ask", param="provider")

    def plan(self, request: RerankRequest, rng: Random, sort_key: SortKey) -> Plan:
        """Whom to ask for *request*, the first choice first. *sort_key* is what targets are sorted by, if they are."""
        alias, preferences = self.resolve(_draw(request, rng)), request.preferences
        targets = preferences.sort_and_select(alias.targets, sort_key)
        if not preferences.allow_fallbacks:
            return Plan.of([Stage(targets[:1])])
        others = [other.stage(other.targets) for other in map(self.resolve, request.fallbacks)]
        last_resort = _if_any(alias.last_resort or self.last_resort)

        return Plan.of([alias.stage(targets), *others, Stage(preferences.select(last_resort))])

    def candidates(self, request: RerankRequest) -> tuple[Target, ...]:
        """Everyone who may be asked for *request*, whichever model is drawn and whoever turns out to be cheapest."""
        preferences = request.preferences
        if preferences.sort:
            preferences = replace(preferences, sort=None, allow_fallbacks=True)
        draws = [
            replace(request, model=name, load_balancer=(), preferences=preferences) for name in _primary_models(request)
        ]
        plans = [self.plan(draw, Random(), lambda _: 0.0) for draw in draws]  # noqa: S311  # nothing is left to draw

        return tuple(dict.fromkeys(target for plan in plans for stage in plan.stages for target in stage.targets))


def _if_any(target: Target | None) -> tuple[Target, ...]:
    return (target,) if target else ()


def _primary_models(request: RerankRequest) -> list[str]:
    """The models of which one is the first to be asked."""
    return [share.model for share in request.load_balancer] or [request.model]


def _draw(request: RerankRequest, rng: Random) -> str:
    """The model asked for, or the one that the request's load balancer draws."""
    if not request.load_balancer:
        return request.model
    weights = [share.weight for share in request.load_balancer]

    return rng.choices(request.load_balancer, weights)[0].model
