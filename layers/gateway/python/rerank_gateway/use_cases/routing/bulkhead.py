"""Not too many requests to one provider at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock, Semaphore
from typing import Protocol

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBulkheadFull, TargetError, TargetTimedOut
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest

LOOK_S = 0.25
"""Seconds after which whoever waits in line looks whether that is still wanted."""
LATENCY_DECAY = 0.8
"""The share that what was before has in the mean time for which a place is taken."""


@dataclass(slots=True)
class WaitingLine:
    """
    Those who wait for one of so many *places*. Each is taken for *latency* seconds on average, None as long as nobody
    knows. For any threads.
    """

    places: int
    waiting: int = 0
    latency: float | None = None
    lock: Lock = field(default_factory=Lock, repr=False)

    @contextmanager
    def joined(self, deadline: Deadline) -> Iterator[None]:
        """
        Wait within the block. Raises TargetBulkheadFull when those ahead cannot have had their turn by the *deadline*.
        """
        with self.lock:
            wait = self.waiting * (self.latency or 0.0) / self.places
            if wait > 0.0 and wait >= deadline.remaining():
                raise TargetBulkheadFull("too many questions to this provider are waiting already", retry_after=wait)
            self.waiting += 1
        try:
            yield
        finally:
            with self.lock:
                self.waiting -= 1

    def record(self, seconds: float) -> None:
        """A place was taken for so many *seconds*, whatever came of it."""
        with self.lock:
            before = seconds if self.latency is None else self.latency
            self.latency = LATENCY_DECAY * before + (1 - LATENCY_DECAY) * seconds


class Places(Protocol):
    """A semaphore, or what has its methods."""

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool: ...

    def release(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Bulkhead(Reranker):
    """*reranker*, asked by as many at a time as there are *places*; the others wait in *line* for theirs."""

    reranker: Reranker
    places: Places
    line: WaitingLine

    @classmethod
    def of(cls, reranker: Reranker, max_parallel: int) -> Bulkhead:
        return cls(reranker, Semaphore(max_parallel), WaitingLine(max_parallel))

    def profile(self, model: str) -> Profile:
        return self.reranker.profile(model)

    def require_access(self, model: str) -> None:
        self.reranker.require_access(model)

    def ineffective_fields(self, request: RerankRequest, model: str) -> Iterable[str]:
        return self.reranker.ineffective_fields(request, model)

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        asked, clock = deadline.clock.now(), deadline.clock
        self._take_place(deadline)
        started, left = clock.now(), deadline.remaining()
        try:
            return self._ask(request, model, deadline, started - asked)
        except TargetTimedOut as late:
            if left > started - asked:
                raise
            # Most of the time went by in our own queue, which does not tell against the provider.
            full = TargetBulkheadFull("too many questions to this provider were under way before it")
            full.waited = late.waited
            raise full from late
        finally:
            self.line.record(clock.now() - started)
            self.places.release()

    def _ask(self, request: RerankRequest, model: str, deadline: Deadline, waited: float) -> ProviderScores:
        """The scores, or a TargetError, that tell of the seconds *waited* here."""
        try:
            scores = self.reranker.rerank(request, model, deadline)
        except TargetError as error:
            error.waited += waited
            raise

        return replace(scores, waited=scores.waited + waited) if waited else scores

    def _take_place(self, deadline: Deadline) -> None:
        if self.places.acquire(blocking=False):
            return
        asked = deadline.clock.now()
        with self.line.joined(deadline):
            if not self._has_turn(deadline):
                full = TargetBulkheadFull("too many questions to this provider are under way already")
                full.waited = deadline.clock.now() - asked
                raise full

    def _has_turn(self, deadline: Deadline) -> bool:
        """Whether a place was free before the *deadline*, and before nobody wanted one any more."""
        clock = deadline.clock
        while deadline.lets_begin:
            began, wait = clock.now(), deadline.remaining()
            if deadline.withdrawn:
                wait = min(wait, LOOK_S)
            if self.places.acquire(timeout=wait):
                if deadline.lets_begin:
                    return True
                self.places.release()
            elif clock.now() - began < wait:
                # There will be none.
                return False

        return False
