"""In how far two models rank alike, whether right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from cli.evaluation.results import Evaluation, ModelResult

DEPTH = 10
PERSISTENCE = 0.9
"""How likely a reader goes on from one place to the next: the first ten weigh 86 % of it all."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    Means over the queries, between 0 and 1: documents among the first ten in both, the same one first, and how alike
    the whole rankings are, the first places counting most.
    """

    overlap: float
    same_first: float
    rbo: float


def agreement(evaluation: Evaluation, one: ModelResult, other: ModelResult) -> Agreement:
    pairs = [(one.run[query], other.run[query]) for query in evaluation.queries]

    return Agreement(
        fmean(_overlap(*pair) for pair in pairs),
        fmean(ours[:1] == theirs[:1] for ours, theirs in pairs),
        fmean(rank_biased_overlap(*pair) for pair in pairs),
    )


def rank_biased_overlap(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """
    From 0, nothing in common, to 1, the same order: extrapolated from the places that both have (Webber, Moffat, Zobel:
    A Similarity Measure for Indefinite Rankings, TOIS 2010, equation 23).
    """
    depth = min(len(ours), len(theirs))
    seen: tuple[set[str], set[str]] = (set(), set())
    shared, weighted = 0, 0.0
    for place, (our, their) in enumerate(zip(ours, theirs, strict=False), start=1):
        seen[0].add(our)
        seen[1].add(their)
        shared += (our in seen[1]) + (their in seen[0]) - (our == their)
        weighted += shared / place * PERSISTENCE**place
    rest = shared / depth * PERSISTENCE**depth if depth else 1.0

    return rest + weighted * (1 - PERSISTENCE) / PERSISTENCE


def _overlap(ours: Sequence[str], theirs: Sequence[str]) -> float:
    depth = min(DEPTH, len(ours), len(theirs))

    return len(set(ours[:depth]) & set(theirs[:depth])) / depth if depth else 1.0
