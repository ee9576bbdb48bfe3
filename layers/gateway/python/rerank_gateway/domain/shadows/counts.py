"""
What is kept of comparisons: sums of whole numbers, by day and pair, to which one write adds.

| count | what it is of |
|---|---|
| `compared`, `failed` | questions that the shadow has ranked, and those that it has not |
| `rbo`, `overlap` | sums over the compared ones, in millionths |
| `top changed` | those that had another document first |
| `model cost`, `shadow cost` | in billionths of a dollar, of those that are `model priced`, `shadow priced` |
| `model 17`, `shadow 17`, … | those whose latency was in this class |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil, floor, log2
from typing import Protocol, TypeAlias

from rerank_gateway.domain.shadows.agreement import overlap, rank_biased_overlap
from rerank_gateway.domain.shadows.question import Pair, Ranked
from rerank_gateway.domain.spending.limits import to_nanos, to_usd

Counts: TypeAlias = Mapping[str, int]
FAILURE: Counts = {"failed": 1}
MILLION = 1_000_000
CLASSES_PER_DOUBLING = 4
"""Of latency: a class reaches from one limit to 1.19 times that, so its middle is 9 % off at most."""
MAX_CLASS = 80
"""Some seventeen minutes; nobody waits for as long."""


class ShadowRecords(Protocol):
    """Where they are kept. Both raise Unavailable."""

    def add(self, day: str, pair: Pair, counts: Counts) -> None:
        """Add to what is kept of *pair* for the *day*."""

    def between(self, first: str, last: str) -> Iterable[tuple[str, Pair, Counts]]:
        """What is kept of the days from the *first* to the *last*, in this order."""


def counts_of(answered: Ranked, shadowed: Ranked) -> Counts:
    """One comparison."""
    counts = {
        "compared": 1,
        "rbo": round(rank_biased_overlap(answered.order, shadowed.order) * MILLION),
        "overlap": round(overlap(answered.order, shadowed.order) * MILLION),
        "top changed": int(answered.order[:1] != shadowed.order[:1]),
    }
    for side, ranked in (("model", answered), ("shadow", shadowed)):
        counts[f"{side} {_latency_class(ranked.latency)}"] = 1
        if ranked.cost is not None:
            counts |= {f"{side} cost": to_nanos(ranked.cost), f"{side} priced": 1}

    return counts


def total(parts: Iterable[Counts]) -> Counts:
    sums: dict[str, int] = {}
    for part in parts:
        for name, number in part.items():
            sums[name] = sums.get(name, 0) + number

    return sums


def mean(counts: Counts, name: str) -> float | None:
    """Of `rbo`, `overlap` or `top changed`; None where nothing was compared."""
    compared, unit = counts.get("compared", 0), 1 if name == "top changed" else MILLION

    return counts.get(name, 0) / unit / compared if compared else None


def latency(counts: Counts, side: str, share: float) -> float | None:
    """Milliseconds that this *share* of a *side*'s answers did not exceed, to a tenth; None where there are none."""
    classes = sorted(
        (int(name.partition(" ")[2]), number)
        for name, number in counts.items()
        if name.startswith(f"{side} ") and name[len(side) + 1 :].isdigit()
    )
    rank = ceil(sum(number for _, number in classes) * share)
    for each, number in classes:
        rank -= number
        if rank <= 0:
            return float(2 ** ((each + 0.5) / CLASSES_PER_DOUBLING))

    return None


def cost_per_1000(counts: Counts, side: str) -> float | None:
    """USD for a thousand answers of a *side*, as far as their cost is known; None where it is not known of any."""
    priced = counts.get(f"{side} priced", 0)

    return to_usd(counts.get(f"{side} cost", 0)) * 1000 / priced if priced else None


def _latency_class(seconds: float) -> int:
    milliseconds = max(seconds * 1000, 1.0)

    return min(floor(log2(milliseconds) * CLASSES_PER_DOUBLING), MAX_CLASS)
