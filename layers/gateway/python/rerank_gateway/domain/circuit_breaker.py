"""How targets have done lately, in this environment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf
from threading import Lock

from rerank_gateway.domain.circuit import MIN_COUNTED_TIMEOUT_S, Circuit
from rerank_gateway.domain.clock import Clock
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
"""What counts against the target; the other failures lie in the request."""
PROBE_AFTER_S = 30.0
"""Seconds for which a circuit stays open, or that one probe may take before there is another."""
MAX_OPEN_S = 300.0
"""Seconds; who asks for more with `Retry-After` is nevertheless tried again after so many."""
LATENCY_DECAY = 0.8
"""The share that what was before has in a target's mean latency."""
MAX_TARGETS = 1_000
"""Targets whose circuits are kept. Callers choose models as they like."""


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """
    A circuit for each target: it opens after *threshold* failures in a row, or when the target asks for it. Then one
    request is its probe, and success closes it again. For any threads.
    """

    clock: Clock
    threshold: float = 5
    circuits: dict[Target, Circuit] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def is_available(self, target: Target) -> bool:
        """Whether the circuit of *target* is closed, or it is time for a probe."""
        circuit = self.circuits.get(target)
        until = -inf if circuit is None else max(circuit.open_until, circuit.probe_until)

        # Most have never been open, for whom nobody need look at the calendar.
        return until == -inf or until <= self.clock.calendar()

    def available(self, targets: Iterable[Target]) -> tuple[Target, ...]:
        """Those of *targets* that should be asked; all of them if none should, as nobody else is left."""
        targets = tuple(targets)

        return tuple(filter(self.is_available, targets)) or targets

    def open_for(self, target: Target) -> float:
        """Seconds until *target* is asked again; 0 when it may be."""
        circuit = self.circuits.get(target)
        until = -inf if circuit is None else max(circuit.open_until, circuit.probe_until)

        return max(until - self.clock.calendar(), 0.0)

    def circuit(self, target: Target) -> Circuit:
        """What is known of *target* by now."""
        return self.circuits.get(target) or Circuit()

    def latency(self, target: Target) -> float:
        """The seconds that *target* takes, infinitely many as long as nobody knows."""
        circuit = self.circuits.get(target)

        return inf if circuit is None or circuit.latency is None else circuit.latency

    def record_call(self, target: Target) -> None:
        """A request goes to *target*. If that is its probe, the others pass it over until the outcome is known."""
        circuit = self.circuits.get(target)
        if circuit and circuit.failures >= self.threshold:
            circuit.probe_until = self.clock.calendar() + PROBE_AFTER_S

    def record_success(self, target: Target, latency: float) -> None:
        with self.lock:
            circuit = self._circuit(target)
            before = latency if circuit.latency is None else circuit.latency
            circuit.failures, circuit.open_until, circuit.probe_until = 0, -inf, -inf
            circuit.latency = LATENCY_DECAY * before + (1 - LATENCY_DECAY) * latency

    def record_failure(self, target: Target, error: TargetError, latency: float, *, hurried: bool = False) -> bool:
        """
        *target* failed with *error* after *latency* seconds, which the caller has chosen if it was *hurried*. True when
        that opened its circuit.
        """
        now = self.clock.calendar()
        with self.lock:
            circuit = self.circuits.get(target, Circuit())
            if not _counts(error, latency, circuit.patience if hurried else MIN_COUNTED_TIMEOUT_S):
                # If it was a probe, it told nothing: the next request is another one.
                circuit.probe_until = -inf
                return False
            circuit, was_open = self._circuit(target), circuit.open_until > now
            circuit.failures, circuit.probe_until = circuit.failures + 1, -inf
            circuit.error, circuit.failed_at = error.code, self.clock.epoch()
            if circuit.failures >= self.threshold:
                circuit.open_until = max(circuit.open_until, now + PROBE_AFTER_S)
            if self.threshold < inf and isinstance(error, TargetBusy) and error.retry_after:
                circuit.open_until = max(circuit.open_until, now + min(error.retry_after, MAX_OPEN_S))

            return circuit.open_until > now and not was_open

    def _circuit(self, target: Target) -> Circuit:
        while target not in self.circuits and len(self.circuits) >= MAX_TARGETS:
            del self.circuits[next(iter(self.circuits))]

        return self.circuits.setdefault(target, Circuit())


def _counts(error: TargetError, latency: float, patience: float) -> bool:
    if error.has_spare_key or (isinstance(error, TargetTimedOut) and latency < patience):
        return False

    return type(error) in COUNTED_FAILURES
