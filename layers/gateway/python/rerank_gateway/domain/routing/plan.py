"""Whom to ask, in which order, and by which strategy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from rerank_gateway.domain.target import Target

FUSE_WAIT_S = 3.0
"""Several times what a hosted reranker takes, and little enough for a caller to bear with one that hangs."""


class Strategy(Enum):
    """How the targets of a stage are asked."""

    FALLBACK = auto()
    """One after the other, until one answers."""
    HEDGE = auto()
    """The next one beside one that is slow; the first ranking wins."""
    FUSE = auto()
    """All at once; their rankings become one."""


@dataclass(frozen=True, slots=True)
class Stage:
    """
    Targets of a plan that are asked by the same *strategy*. *hedge_after* is in seconds, and so is *fuse_wait*, for
    which those that are fused wait for each other once one of them has answered.
    """

    targets: tuple[Target, ...]
    strategy: Strategy = Strategy.FALLBACK
    hedge_after: float = 0.0
    fuse_wait: float = FUSE_WAIT_S


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Whom to ask: stage by stage, no target twice.

    *first_choice* are those whose ranking the caller would rather have than any other's: the first target, or all of
    the first stage where they are hedged or fused.
    """

    stages: tuple[Stage, ...]
    first_choice: tuple[Target, ...]

    @classmethod
    def of(cls, stages: Sequence[Stage]) -> Plan:
        """A plan with *stages*, the first of which has a target; fallbacks that follow each other are one stage."""
        first = stages[0]
        choice = first.targets[:1] if first.strategy is Strategy.FALLBACK else first.targets

        return cls(tuple(_joined(_without_repeats(stages))), choice)

    @property
    def size(self) -> int:
        """How many targets it has."""
        return sum(len(stage.targets) for stage in self.stages)


def _without_repeats(stages: Iterable[Stage]) -> Iterator[Stage]:
    seen: set[Target] = set()
    for stage in stages:
        fresh = tuple(target for target in dict.fromkeys(stage.targets) if target not in seen)
        seen.update(fresh)
        if fresh:
            yield stage if fresh == stage.targets else replace(stage, targets=fresh)


def _joined(stages: Iterable[Stage]) -> list[Stage]:
    joined: list[Stage] = []
    for stage in stages:
        if joined and joined[-1].strategy is stage.strategy is Strategy.FALLBACK:
            joined[-1] = replace(stage, targets=joined[-1].targets + stage.targets)
        else:
            joined.append(stage)

    return joined
