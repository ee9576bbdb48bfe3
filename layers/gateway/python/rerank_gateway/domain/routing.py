"""Who is asked for a request, in which order, and in what manner."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from random import Random

from rerank_gateway.domain.errors import InvalidRequest, UnknownModel
from rerank_gateway.domain.preferences import Weigh
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target


class Manner(Enum):
    """How several targets are asked."""

    IN_TURN = auto()
    """One after the other, until one answers."""
    HEDGED = auto()
    """The next one beside one that is slow; the first ranking wins."""
    FUSED = auto()
    """All side by side; their rankings become one."""


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
class Stage:
    """Targets of a plan that are asked in the same manner."""

    targets: tuple[Target, ...]
    manner: Manner = Manner.IN_TURN
    hedge_after: float = 0.0


Plan = tuple[Stage, ...]
"""Whom to ask: stage by stage, no target twice."""


@dataclass(frozen=True, slots=True)
class Routing:
    """The names that callers may use. *providers* are those the gateway can speak to."""

    providers: Collection[str]
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    last_resort: Target | None = None

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
            if not _chosen(self.behind(name), request, _unweighed).targets:
                raise InvalidRequest(f"provider leaves no target of {name[:200]!r} to ask", param="provider")

    @property
    def names(self) -> tuple[str, ...]:
        """Every alias and every target that the configuration names, for a list to choose from."""
        targets = [target for alias in self.aliases.values() for target in (*alias.targets, *_some(alias.last_resort))]

        return tuple(dict.fromkeys([*self.aliases, *map(str, (*targets, *_some(self.last_resort)))]))

    def plan(self, request: RerankRequest, chance: Random, weigh: Weigh) -> Plan:
        """Whom to ask for *request*, the first choice first. *weigh* says what speaks against a target, for sorting."""
        first = _first_choice(request, chance)
        chosen = _chosen(self.behind(first), request, weigh)
        if not request.preferences.allow_fallbacks:
            return _plan([replace(chosen, targets=chosen.targets[:1], manner=Manner.IN_TURN)])
        others = [_stage(self.behind(name)) for name in request.fallbacks]
        last_resort = self.behind(first).last_resort or self.last_resort

        return _plan([chosen, *others, Stage(_some(last_resort))])


def _stage(alias: Alias) -> Stage:
    return Stage(alias.targets, alias.manner, alias.hedge_after)


def _chosen(alias: Alias, request: RerankRequest, weigh: Weigh) -> Stage:
    """What is left of *alias* by the preferences of *request*."""
    return replace(_stage(alias), targets=request.preferences.among(alias.targets, weigh))


def _unweighed(_: Target) -> float:
    return 0.0


def _plan(stages: Iterable[Stage]) -> Plan:
    """*stages* without the targets that came before; those in turn that follow each other are one."""
    plan: list[Stage] = []
    for stage in _without_repeats(stages):
        if plan and plan[-1].manner is stage.manner is Manner.IN_TURN:
            plan[-1] = replace(stage, targets=plan[-1].targets + stage.targets)
        else:
            plan.append(stage)

    return tuple(plan)


def _without_repeats(stages: Iterable[Stage]) -> Iterator[Stage]:
    seen: set[Target] = set()
    for stage in stages:
        fresh = tuple(target for target in dict.fromkeys(stage.targets) if target not in seen)
        seen.update(fresh)
        if fresh:
            yield replace(stage, targets=fresh)


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
