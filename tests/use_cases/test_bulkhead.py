"""As many questions to one provider as it allows; with real threads, as that is what it is for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock, Semaphore
from typing import Any

import pytest

from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBulkheadFull, TargetBusy, TargetError, TargetFailed, TargetTimedOut
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.routing.bulkhead import Bulkhead, WaitingLine
from tests.fakes import REQUEST, FakeClock, FakeReranker, within

CLOCK = SystemClock()
LONG = 30.0


@dataclass
class Counted(Reranker):
    """Counts who is being answered, and answers when *go* is set."""

    go: Event = field(default_factory=Event)
    entered: Semaphore = field(default_factory=lambda: Semaphore(0))
    lock: Lock = field(default_factory=Lock)
    now: int = 0
    most: int = 0

    def profile(self, model: str) -> Profile:
        return Profile(Limits(documents=7))

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.entered.release()
        self.go.wait(LONG)
        with self.lock:
            self.now -= 1

        return ProviderScores([], Usage())


class Places(Semaphore):
    """Tells when somebody wants one."""

    def __init__(self, places: int) -> None:
        super().__init__(places)
        self.result_count = Event()

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        if blocking:
            self.result_count.set()

        return super().acquire(blocking, timeout)


def test_never_more_are_answered_at_a_time_than_allowed() -> None:
    """
    Twenty want an answer from who allows three, and all of them get one.
    """
    counted = Counted()
    line = Bulkhead.of(counted, 3)

    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(line.rerank, REQUEST, "m", within(LONG)) for _ in range(20)]
        for _ in range(3):
            counted.entered.acquire(timeout=LONG)
        waiting = counted.now
        counted.go.set()
        answers = [each.result(LONG) for each in asked]

    assert len(answers) == 20
    assert waiting == counted.most == 3


def test_who_waits_too_long_is_told_that_it_is_crowded() -> None:
    """
    That is a wait of ours, which asks nobody and speaks of no one's health; those who come later may be luckier.
    """
    counted = Counted()
    line = Bulkhead.of(counted, 1)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(line.rerank, REQUEST, "m", within(LONG))
        counted.entered.acquire(timeout=LONG)
        with pytest.raises(TargetBulkheadFull) as crowded:
            line.rerank(REQUEST, "m", within(0.05))
        counted.go.set()
        first.result(LONG)

    assert isinstance(crowded.value, TargetBusy)
    assert (crowded.value.status_code, crowded.value.code) == (503, "provider_crowded")
    assert counted.most == 1
    line.rerank(REQUEST, "m", within(LONG))


@dataclass
class Occupied:
    """Places that are free after so many *seconds*."""

    clock: FakeClock
    seconds: float

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        self.clock.time += self.seconds if blocking else 0.0
        return blocking

    def release(self) -> None: ...


@pytest.mark.parametrize(("seconds", "kind"), [(4.0, TargetTimedOut), (6.0, TargetBulkheadFull)])
def test_what_our_own_line_took_does_not_tell_against_the_provider(seconds: float, kind: type[TargetError]) -> None:
    """
    Who stood in it for most of the time was late because of that.
    """
    clock = FakeClock()
    places: Any = Occupied(clock, seconds)
    line = Bulkhead(FakeReranker(clock=clock, seconds=99.0), places, WaitingLine(1))

    with pytest.raises(TargetError) as late:
        line.rerank(REQUEST, "m", within(10.0, clock))

    assert type(late.value) is kind


def test_a_place_is_given_back_after_an_error() -> None:
    """
    A provider that fails does not lose its places one by one.
    """
    line = Bulkhead.of(FakeReranker([TargetFailed("down")] * 3), 1)

    for _ in range(3):
        with pytest.raises(TargetFailed):
            line.rerank(REQUEST, "m", within(LONG))

    assert len(line.rerank(REQUEST, "m", within(0.05)).pairs) == 3


def test_who_is_wanted_no_more_takes_no_place() -> None:
    """
    Neither one that is free by then, nor does it wait for the end of its time.
    """
    later, places, withdrawn = FakeReranker(), Places(0), Event()
    deadline = within(LONG).unless(withdrawn.is_set)

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(Bulkhead(later, places, WaitingLine(1)).rerank, REQUEST, "m", deadline)
        places.result_count.wait(LONG)
        withdrawn.set()
        places.release()
        with pytest.raises(TargetBulkheadFull):
            asked.result(LONG / 2)

    assert (later.timeouts, places.acquire(blocking=False)) == ([], True)


def test_waiting_is_taken_from_the_time_that_a_question_has() -> None:
    """
    Who stood in line has so much less for the answer.
    """
    later, places = FakeReranker(), Places(0)

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(Bulkhead(later, places, WaitingLine(1)).rerank, REQUEST, "m", within(LONG))
        places.result_count.wait(LONG)
        CLOCK.sleep(0.1)
        places.release()
        asked.result(LONG)

    assert 0.0 < later.timeouts[0] <= LONG - 0.1


def test_what_is_known_of_a_model_needs_no_place() -> None:
    """
    Plans are made although everyone is busy.
    """
    assert Bulkhead.of(Counted(), 1).profile("m").limits.documents == 7


def crowded(clock: FakeClock, **line: Any) -> Bulkhead:
    """Two places, neither of them free at once, and those in line before them."""
    places: Any = Occupied(clock, 0.05)

    return Bulkhead(FakeReranker(clock=clock), places, WaitingLine(2, **line))


def test_who_cannot_have_a_turn_in_time_is_turned_away_at_once() -> None:
    """
    Ten ahead at two places that are taken for two seconds each take ten seconds, after which there may be room.
    """
    clock = FakeClock()
    bulkhead = crowded(clock, waiting=10, latency=2.0)

    with pytest.raises(TargetBulkheadFull) as full:
        bulkhead.rerank(REQUEST, "m", within(9.9, clock))

    assert full.value.retry_after == pytest.approx(10.0)
    assert (clock.now(), bulkhead.line.waiting) == (FakeClock().now(), 10)


@pytest.mark.parametrize(("waiting", "left"), [(10, 10.1), (0, 0.1)])
def test_who_may_have_a_turn_waits_for_it(waiting: int, left: float) -> None:
    """
    The first in line is never turned away, as a place may be free at any moment.
    """
    clock = FakeClock()
    bulkhead = crowded(clock, waiting=waiting, latency=2.0)

    assert len(bulkhead.rerank(REQUEST, "m", within(left, clock)).pairs) == 3
    assert bulkhead.line.waiting == waiting


def test_nobody_is_turned_away_before_it_is_known_how_long_it_takes() -> None:
    """
    The first ones find out.
    """
    clock = FakeClock()
    line = WaitingLine(1, waiting=100)
    places: Any = Occupied(clock, 0.05)

    Bulkhead(FakeReranker(clock=clock, seconds=3.0), places, line).rerank(REQUEST, "m", within(5.0, clock))

    assert line.latency == pytest.approx(3.0)


def test_a_place_that_is_free_is_anybodys() -> None:
    """
    However slow the provider has been, and however little time there is.
    """
    bulkhead = Bulkhead(FakeReranker(), Semaphore(1), WaitingLine(1, waiting=100, latency=1_000.0))

    assert len(bulkhead.rerank(REQUEST, "m", within(0.5)).pairs) == 3


def test_failures_take_their_time_too() -> None:
    """
    A provider that hangs holds its places, which those in line have to know.
    """
    clock = FakeClock()
    bulkhead = Bulkhead.of(FakeReranker(clock=clock, seconds=99.0), 1)

    with pytest.raises(TargetTimedOut):
        bulkhead.rerank(REQUEST, "m", within(20.0, clock))

    assert bulkhead.line.latency == pytest.approx(20.0)
