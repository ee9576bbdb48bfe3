"""Reports of what was compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rerank_gateway.domain.shadows.counts import Counts
from rerank_gateway.domain.shadows.question import Pair


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """What was counted by day and pair, and of each pair on all of these days."""

    days: Sequence[tuple[str, Pair, Counts]]
    totals: Sequence[tuple[Pair, Counts]]
