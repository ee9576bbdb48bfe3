"""All that is tried at one target, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.cancellation import Cancellation
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import TargetError
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class TargetResult:
    """
    A checked ranking, what it used up, and the seconds that it took, without those that it *waited* for its turn. It
    *is_partial* where targets whose rankings were to be fused with it are missing, and *won_hedge* where it came before
    that of a target that was asked earlier. *truncated* are the indices of documents that were truncated without being
    asked. *key_number* is that of the gateway's key, 0 where there is none.
    """

    ranking: Ranking
    usage: Usage
    latency: float
    is_partial: bool = False
    won_hedge: bool = False
    truncated: frozenset[int] = frozenset()
    waited: float = 0.0
    key_number: int = 0


@dataclass(slots=True)
class TargetCall:
    """
    The tries at one *target*, from the moment *started* on the clock, and the *result*. Once it is closed, nothing more
    is tried, nothing more is recorded, and what is under way is ended. For any threads.
    """

    target: Target
    clock: Clock
    started: float
    result: TargetResult | None = None
    cancellation: Cancellation = field(default_factory=Cancellation, repr=False)
    tries: list[tuple[float, Attempt]] = field(default_factory=list)
    """The moment on the clock at which each try ended, and the try."""
    lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def last_try(self) -> Attempt:
        """What it ended with, once it has."""
        return self.tries[-1][1]

    def succeed(self, result: TargetResult, parts: int = 1, woke_after: float | None = None) -> None:
        if not self.cancellation.is_cancelled:
            self.result = result
        waited, usage, number = result.waited, result.usage, result.key_number
        self._record(Attempt(self.target, result.latency, None, parts, waited, usage, number, woke_after=woke_after))

    def fail(self, error: TargetError, started: float | None = None) -> None:
        """A try that *started* at that moment ended with *error*; the call as a whole where no moment is given."""
        seconds = self.clock.now() - (self.started if started is None else started)
        latency, waited, number = max(seconds - error.waited, 0.0), error.waited, error.key_number
        self._record(Attempt(self.target, latency, error, waited=waited, key_number=number))

    def _record(self, attempt: Attempt) -> None:
        with self.lock:
            if not self.cancellation.is_cancelled:
                self.tries.append((self.clock.now(), attempt))

    def opened_circuit(self) -> None:
        """Its last try is the one that did."""
        ended, attempt = self.tries[-1]
        self.tries[-1] = (ended, replace(attempt, opened_circuit=True))

    def cancel(self, error: TargetError) -> None:
        """Close it with *error*: nobody waits for it any longer. What it comes to after this moment is not heard."""
        now = self.clock.now()
        with self.lock:
            failed = [(ended, attempt) for ended, attempt in self.tries if attempt.error and ended <= now]
            self.tries = [*failed, (now, Attempt(self.target, now - self.started, error))]
            self.close()

    def close(self) -> None:
        self.cancellation.cancel()
        # An error's traceback leads back to it, and to the request: kept, that would wait for the garbage collector.
        for _, attempt in self.tries:
            if attempt.error:
                attempt.error.__traceback__ = None
