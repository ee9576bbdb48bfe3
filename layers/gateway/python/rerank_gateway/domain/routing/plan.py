"""Whom to ask, in which order, and by which strategy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from rerank_gateway.domain.eligibility import Violation
from rerank_gateway.domain.request import RerankRequest
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
    which those that are fused wait for each other once one of them has answered. *max_tokens_per_doc* is for requests
    that do not say.
    """

    targets: tuple[Target, ...]
    strategy: Strategy = Strategy.FALLBACK
    hedge_after: float = 0.0
    max_tokens_per_doc: int | None = None
    fuse_wait: float = FUSE_WAIT_S

    def apply(self, request: RerankRequest) -> RerankRequest:
        """*request* as these targets are asked it."""
        if self.max_tokens_per_doc is None:
            return request

        return replace(request, default_max_tokens_per_doc=self.max_tokens_per_doc)

    def continues(self, other: Stage) -> bool:
        """Whether it is of the same kind as *other*, and its targets could be the next ones of that."""
        is_fallback = self.strategy is other.strategy is Strategy.FALLBACK

        return is_fallback and self.max_tokens_per_doc == other.max_tokens_per_doc

    def filtered(self, keep: Callable[[Target], bool]) -> Stage:
        """The same with those targets only that *keep* is true of."""
        return replace(self, targets=tuple(filter(keep, self.targets)))


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Whom to ask: stage by stage, no target twice.

    *first_choice* are those whose ranking the caller would rather have than any other's: the first target, or all of
    the first stage where they are hedged or fused; nobody, where none of these may be asked. *last_resort* is whoever
    answers when everyone else failed; *left_out* are those who may not be asked, each with the name of the constraint.
    """

    stages: tuple[Stage, ...]
    first_choice: tuple[Target, ...]
    last_resort: tuple[Target, ...] = ()
    left_out: tuple[tuple[Target, str], ...] = ()

    @property
    def targets(self) -> Iterator[Target]:
        """Everyone in it, in the order in which they are asked when all is well."""
        return (target for stage in self.stages for target in stage.targets)

    @classmethod
    def of(
        cls,
        stages: Sequence[Stage],
        last_resort: tuple[Target, ...] = (),
        left_out: tuple[tuple[Target, str], ...] = (),
    ) -> Plan:
        """A plan with *stages*, the first of which is the first choice; fallbacks that follow each other are one."""
        first = stages[0]
        choice = first.targets[:1] if first.strategy is Strategy.FALLBACK else first.targets

        return cls(tuple(_joined(_without_repeats(stages))), choice, last_resort, left_out)

    @property
    def size(self) -> int:
        """How many targets it has."""
        return sum(len(stage.targets) for stage in self.stages)


def left_out_of(stages: Iterable[Stage], violation: Violation) -> dict[Target, str]:
    """The targets of *stages* that do not keep a constraint, and its name."""
    targets = (target for stage in stages for target in stage.targets)

    return {target: constraint for target in targets if (constraint := violation(target))}


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
        if joined and stage.continues(joined[-1]):
            joined[-1] = replace(stage, targets=joined[-1].targets + stage.targets)
        else:
            joined.append(stage)

    return joined
