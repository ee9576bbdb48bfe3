"""In how far two rankings of the same documents agree."""

from __future__ import annotations

from collections.abc import Sequence

DEPTH = 10
"""Places whose documents are compared regardless of their order."""
PERSISTENCE = 0.9
"""How likely a reader goes on from one place to the next: the first ten weigh 86 % of it all."""


def rank_biased_overlap(one: Sequence[int], other: Sequence[int]) -> float:
    """
    From 0, nothing in common, to 1, the same order: extrapolated from the places that both have (Webber, Moffat, Zobel:
    A Similarity Measure for Indefinite Rankings, TOIS 2010, equation 23).
    """
    depth = min(len(one), len(other))
    seen: tuple[set[int], set[int]] = (set(), set())
    shared, weighted = 0, 0.0
    for place, (ours, theirs) in enumerate(zip(one, other, strict=False), start=1):
        seen[0].add(ours)
        seen[1].add(theirs)
        shared += (ours in seen[1]) + (theirs in seen[0]) - (ours == theirs)
        weighted += shared / place * PERSISTENCE**place
    rest = shared / depth * PERSISTENCE**depth if depth else 1.0

    return rest + weighted * (1 - PERSISTENCE) / PERSISTENCE


def overlap(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of documents that both have among their first DEPTH, or as many as both have places."""
    depth = min(DEPTH, len(one), len(other))

    return len(set(one[:depth]) & set(other[:depth])) / depth if depth else 1.0
