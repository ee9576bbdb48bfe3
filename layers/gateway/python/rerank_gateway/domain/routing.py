"""What the names mean that callers use, and who is asked for a request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from random import Random

from rerank_gateway.domain.errors import InvalidRequest, UnknownModel
from rerank_gateway.domain.plan import Manner, Plan, Stage, plan_of
from rerank_gateway.domain.preferences import Weigh
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Alias:
    """
    A name for one or more targets, asked in this order and *manner*. One that is HEDGED is slow after *hedge_after*
    seconds. *last_resort* answers when everyone else failed.
    """

    targets: tuple[Target, ...]
    last_resort: Target | None = None
    manner: Manner = Manner.IN_TURN
    hedge_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Routing:
    """
    The names that callers may use. *providers* are those the gateway can speak to; *world* changes with what is behind
    their names.
    """

    providers: Collection[str]
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    last_resort: Target | None = None
    world: str = ""

    def targets(self, name: str) -> tuple[Target, ...]:
        """The targets behind *name*, an alias or `provider/model`. Raises UnknownModel."""
        return self.behind(name).targets

    def behind(self, name: str) -> Alias:
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
        choices = (_chosen(self.behind(name), request, _unweighed) for name in _first_names(request))

        return any(
            target in stage.targets and (stage.manner is not Manner.FUSED or set(stage.targets) <= set(answered))
            for stage in choices
        )

    def must_leave_someone(self, request: RerankRequest) -> None:
        """Raise InvalidRequest when, by the preferences of *request*, nobody may be asked for one of its models."""
        for name in _first_names(request):
            if not request.preferences.among(self.targets(name), _unweighed):
                raise InvalidRequest(f"provider leaves no target of {name[:200]!r} to ask", param="provider")

    @property
    def names(self) -> tuple[str, ...]:
        """Every alias and every target that the configuration names, for a list to choose from."""
        targets = [target for alias in self.aliases.values() for target in (*alias.targets, *_some(alias.last_resort))]

        return tuple(dict.fromkeys([*self.aliases, *map(str, (*targets, *_some(self.last_resort)))]))

    def plan(self, request: RerankRequest, chance: Random, weigh: Weigh) -> Plan:
        """Whom to ask for *request*, the first choice first. *weigh* says what speaks against a target, for sorting."""
        first = _first_choice(request, chance)
        alias = self.behind(first)
        chosen = _chosen(alias, request, weigh)
        if not request.preferences.allow_fallbacks:
            return plan_of([chosen])
        others = [_stage(other, other.targets) for other in map(self.behind, request.fallbacks)]
        last_resort = _some(alias.last_resort or self.last_resort)

        return plan_of([chosen, *others, Stage(request.preferences.among(last_resort, weigh))])


def _stage(alias: Alias, targets: tuple[Target, ...]) -> Stage:
    return Stage(targets, alias.manner, alias.hedge_after)


def _chosen(alias: Alias, request: RerankRequest, weigh: Weigh) -> Stage:
    """What is left of *alias* by the preferences of *request*."""
    targets = request.preferences.among(alias.targets, weigh)

    return _stage(alias, targets) if request.preferences.allow_fallbacks else Stage(targets[:1])


def _unweighed(_: Target) -> float:
    return 0.0


def _some(target: Target | None) -> tuple[Target, ...]:
    return (target,) if target else ()


def _first_names(request: RerankRequest) -> list[str]:
    return [share.model for share in request.balance] or [request.model]


def _first_choice(request: RerankRequest, chance: Random) -> str:
    """The model asked for, or the one that the request's load balancer draws."""
    if not request.balance:
        return request.model
    weights = [share.weight for share in request.balance]

    return chance.choices(request.balance, weights)[0].model
