"""How targets have done lately, in this environment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from threading import Lock

from rerank_gateway.domain.errors import (
    BadReply,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetRejectedKey,
    TargetTimedOut,
)
from rerank_gateway.domain.target import Target

COUNTED_FAILURES: tuple[type[TargetError], ...] = (
    TargetFailed,
    TargetTimedOut,
    BadReply,
    TargetRejectedKey,
    TargetBusy,
)
"""What tells against the target; the other failures lie in the question."""
MIN_COUNTED_TIMEOUT_S = 1.0
"""Seconds that a target had at least, or its lateness does not tell: callers choose time limits as they like."""
PROBE_AFTER_S = 30.0
"""Seconds for which a target in trouble is passed over, or that one probe may take before there is another."""
MAX_OPEN_S = 300.0
"""Seconds; who asks for more with `Retry-After` is nevertheless tried again after so many."""
LATENCY_DECAY = 0.8
"""The share that what was before has in a target's mean latency."""
MAX_TARGETS = 1_000
"""Targets that are remembered. Callers choose models as they like."""


@dataclass(slots=True)
class Circuit:
    """
    *failures* in a row; passed over *until* a moment on the clock, and while a *probe* may be under way, till another;
    mean *latency* in seconds.
    """

    failures: int = 0
    until: float = -inf
    probe: float = -inf
    latency: float | None = None


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """
    A circuit breaker for each target: after *threshold* failures in a row, or when it asks for it, a target is passed
    over for a while. Then one question is its probe: an answer makes it one like the others again. For any threads.
    """

    threshold: float = 5
    records: dict[Target, Circuit] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def is_available(self, target: Target, now: float) -> bool:
        """Whether *target* should be asked."""
        record = self.records.get(target)

        return record is None or max(record.until, record.probe) <= now

    def available(self, targets: Iterable[Target], now: float) -> tuple[Target, ...]:
        """Those of *targets* that should be asked; all of them if none should, as nobody else is left."""
        targets = tuple(targets)

        return tuple(target for target in targets if self.is_available(target, now)) or targets

    def latency(self, target: Target) -> float:
        """The seconds that *target* takes, infinitely many as long as nobody knows."""
        record = self.records.get(target)

        return inf if record is None or record.latency is None else record.latency

    def asked(self, target: Target, now: float) -> None:
        """A question goes to *target*. If that is its probe, the others pass it over until the answer is there."""
        record = self.records.get(target)
        if record and record.failures >= self.threshold:
            record.probe = now + PROBE_AFTER_S

    def answered(self, target: Target, seconds: float) -> None:
        with self.lock:
            record = self._record(target)
            before = seconds if record.latency is None else record.latency
            record.failures, record.until, record.probe = 0, -inf, -inf
            record.latency = LATENCY_DECAY * before + (1 - LATENCY_DECAY) * seconds

    def failed(self, target: Target, error: TargetError, seconds: float, now: float) -> None:
        """*target* failed with *error* after so many *seconds*."""
        with self.lock:
            if not _counts(error, seconds):
                # If it was a probe, it told nothing: the next question is another one.
                self.records.get(target, Circuit()).probe = -inf
                return
            record = self._record(target)
            record.failures, record.probe = record.failures + 1, -inf
            if record.failures >= self.threshold:
                record.until = max(record.until, now + PROBE_AFTER_S)
            if self.threshold < inf and isinstance(error, TargetBusy) and error.retry_after:
                record.until = max(record.until, now + min(error.retry_after, MAX_OPEN_S))

    def _record(self, target: Target) -> Circuit:
        while target not in self.records and len(self.records) >= MAX_TARGETS:
            del self.records[next(iter(self.records))]

        return self.records.setdefault(target, Circuit())


def _counts(error: TargetError, seconds: float) -> bool:
    if error.has_spare_key or (isinstance(error, TargetTimedOut) and seconds < MIN_COUNTED_TIMEOUT_S):
        return False

    return type(error) in COUNTED_FAILURES
