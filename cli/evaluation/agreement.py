"""In how far two models rank alike, whether right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from cli.evaluation.results import Evaluation, ModelResult

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """Means over the queries, between 0 and 1: documents among the first ten in both, and the same one first."""

    overlap: float
    same_first: float


def agreement(evaluation: Evaluation, one: ModelResult, other: ModelResult) -> Agreement:
    pairs = [(one.run[query], other.run[query]) for query in evaluation.queries]

    return Agreement(fmean(_overlap(*pair) for pair in pairs), fmean(ours[:1] == theirs[:1] for ours, theirs in pairs))


def _overlap(ours: Sequence[str], theirs: Sequence[str]) -> float:
    depth = min(DEPTH, len(ours), len(theirs))

    return len(set(ours[:depth]) & set(theirs[:depth])) / depth if depth else 1.0
