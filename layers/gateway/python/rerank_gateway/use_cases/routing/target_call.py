"""All that is tried at one target, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    A checked ranking, what it used up, and the seconds that it took. It *is_partial* where targets whose rankings were
    to be fused with it are missing. *truncated* are the indices of documents that were truncated without being asked.
    """

    ranking: Ranking
    usage: Usage
    latency: float
    is_partial: bool = False
    truncated: frozenset[int] = frozenset()


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

    def record(self, latency: float, error: TargetError | None = None, parts: int = 1) -> None:
        """A try ended, after *latency* seconds."""
        with self.lock:
            if not self.cancellation.is_cancelled:
                self.tries.append((self.clock.now(), Attempt(self.target, latency, error, parts)))

    def succeed(self, result: TargetResult, parts: int = 1) -> None:
        if not self.cancellation.is_cancelled:
            self.result = result
        self.record(result.latency, parts=parts)

    def fail(self, error: TargetError) -> None:
        """Record *error* of the call as a whole, rather than of one of its tries."""
        self.record(self.clock.now() - self.started, error)

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
