"""Whom to ask, in which order, and in what manner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeAlias

from rerank_gateway.domain.target import Target


class Strategy(Enum):
    """How several targets are asked."""

    FALLBACK = auto()
    """One after the other, until one answers."""
    HEDGE = auto()
    """The next one beside one that is slow; the first ranking wins."""
    FUSE = auto()
    """All side by side; their rankings become one."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Targets of a plan that are asked in the same manner."""

    targets: tuple[Target, ...]
    strategy: Strategy = Strategy.FALLBACK
    hedge_after: float = 0.0


Plan: TypeAlias = tuple[Stage, ...]
"""Whom to ask: stage by stage, no target twice."""


def build_plan(stages: Iterable[Stage]) -> Plan:
    """*stages* without the targets that came before; those in turn that follow each other are one."""
    plan: list[Stage] = []
    for stage in _without_repeats(stages):
        if plan and plan[-1].strategy is stage.strategy is Strategy.FALLBACK:
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
            yield stage if fresh == stage.targets else replace(stage, targets=fresh)
