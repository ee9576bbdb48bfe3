"""What is remembered of one target."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

MIN_COUNTED_TIMEOUT_S = 1.0
"""Seconds that a target had at least, or its lateness does not count."""
USUAL_TIMES = 2.0
"""
Where the caller chose the time limit, lateness counts only if the target had so many times its mean latency, or
UNKNOWN_LATENCY_S where nobody knows it: callers choose time limits as they like.
"""
UNKNOWN_LATENCY_S = 10.0


@dataclass(slots=True)
class Circuit:
    """
    *failures* in a row, one a request; open until the moment *open_until* of the calendar, and while a probe may be
    under way, until *probe_until*; mean *latency* in seconds. *error* is the code of the last failure, at the moment
    *failed_at* in epoch seconds.
    """

    failures: int = 0
    open_until: float = -inf
    probe_until: float = -inf
    latency: float | None = None
    error: str = ""
    failed_at: float = 0.0

    @property
    def patience(self) -> float:
        """Seconds that a caller must give the target before its lateness counts."""
        usual = UNKNOWN_LATENCY_S if self.latency is None else USUAL_TIMES * self.latency

        return max(usual, MIN_COUNTED_TIMEOUT_S)
