"""Time is a budget: everyone has a share, and nobody overdraws it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import (
    BadReply,
    DeadlineExceeded,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetTimedOut,
)
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.retry import BACKOFF, RetryPolicy
from rerank_gateway.domain.routing.aliases import Alias
from rerank_gateway.domain.usage import Usage
from tests.fakes import FakeClock, FakeReranker, request, request_of, within
from tests.use_cases.routers import alias, fuse, hedge, rerank_by, rerank_with, run, targets, tried

NAMES = ("a", "b", "c")
BY_STRATEGY = {
    "in turn": alias(*NAMES),
    "hedged": hedge(*NAMES, after=0.5, last_resort="spare"),
    "fused": fuse(*NAMES, last_resort="spare"),
}


def test_a_slow_target_leaves_its_followers_their_share() -> None:
    """
    With one fallback, a target that never answers has half of the time.
    """
    clock = FakeClock()
    slow, fallback = FakeReranker(clock=clock, seconds=99.0), FakeReranker(clock=clock)
    rerank = rerank_with(clock, busy=slow, ready=fallback)

    answer = run(rerank, request(model="busy/m", fallbacks=("ready/m",)), seconds=10.0)

    assert targets(answer) == ["busy/m", "ready/m"]
    assert slow.timeouts == [5.0]
    assert fallback.timeouts == [5.0]


def test_call_timeout_limits_each_try() -> None:
    """
    A request's own limit holds for every try at every target.
    """
    clock = FakeClock()
    slow, fallback = FakeReranker(clock=clock, seconds=99.0), FakeReranker(clock=clock)
    asked = request(model="busy/m", fallbacks=("ready/m",), call_timeout=2.0, retry=RetryPolicy(1))

    run(rerank_with(clock, busy=slow, ready=fallback), asked, seconds=10.0)

    assert slow.timeouts == [2.0, 2.0]
    assert fallback.timeouts == [2.0]


def test_call_timeout_is_a_cap_within_the_share() -> None:
    """
    A limit as long as the whole request leaves those behind a slow target their turn all the same.
    """
    clock = FakeClock()
    slow, fallback = FakeReranker(clock=clock, seconds=99.0), FakeReranker(clock=clock)
    asked = request(model="busy/m", fallbacks=("ready/m",), call_timeout=30.0)

    answer = run(rerank_with(clock, busy=slow, ready=fallback), asked, seconds=10.0)

    assert targets(answer) == ["busy/m", "ready/m"]
    assert slow.timeouts == fallback.timeouts == [5.0]


@pytest.mark.parametrize("strategy", ["hedged", "fused"])
def test_several_at_once_leave_the_last_resort_its_share(strategy: str) -> None:
    """
    Three targets that never answer have three quarters of the time, and the last resort has the rest.
    """
    clock = FakeClock()
    spare = FakeReranker(clock=clock)
    slow = {name: FakeReranker(clock=clock, seconds=99.0) for name in NAMES}

    answer = run(rerank_by(BY_STRATEGY, clock, **slow, spare=spare), request(model=strategy), seconds=10.0)

    assert str(answer.target) == "spare/m"
    assert [attempt.status_code for attempt in answer.attempts] == [504, 504, 504, 200]
    assert spare.timeouts == [pytest.approx(2.5)]


class Stuck(FakeReranker):
    """Does not keep to the time that it is given."""

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        self.clock.time += 1000.0
        return super().rerank(request, model, deadline)


@pytest.mark.parametrize("strategy", ["hedged", "fused"])
def test_who_is_stuck_is_left_behind(strategy: str) -> None:
    """
    Nobody waits longer because a target does not know when to stop; each has an attempt that says so.
    """
    clock = FakeClock(0.0)
    stuck = {name: Stuck(clock=clock) for name in NAMES}

    answer = run(rerank_by(BY_STRATEGY, clock, **stuck, spare=FakeReranker()), request(model=strategy), seconds=10.0)

    assert tried(answer) == [("a", 504), ("b", 504), ("c", 504), ("spare", 200)]
    assert clock.now() == pytest.approx(7.5)


def test_a_hedge_that_would_start_too_late_is_not_waited_for() -> None:
    """
    The share of the time ends before the first target counts as slow.
    """
    clock = FakeClock(0.0)
    patient = {"x": hedge("a", "b", after=60.0)}

    with pytest.raises(AllTargetsFailed) as late:
        run(rerank_by(patient, clock, a=Stuck(clock=clock), b=FakeReranker()), request(model="x"), seconds=10.0)

    assert tried(late.value) == [("a", 504)]
    assert clock.now() == 10.0


@dataclass
class Erratic(Reranker):
    """Does with each question what the next of *moods* says: takes so many seconds, and then fails or does not."""

    moods: Iterator[tuple[float, TargetError | None]]
    clock: FakeClock
    known: Profile

    def profile(self, model: str) -> Profile:
        return self.known

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        seconds, error = next(self.moods, (0.0, None))
        timeout = deadline.remaining()
        self.clock.time += min(seconds, timeout)
        if seconds > timeout:
            raise TargetTimedOut("late")
        if error:
            raise error

        return ProviderScores([(index, 0.5) for index in range(len(request.texts))], Usage())


errors = st.builds(
    lambda kind, after: kind("x", retry_after=after),
    st.sampled_from([TargetBusy, TargetFailed, TargetTimedOut, TargetMissing, BadReply]),
    st.none() | st.floats(0, 400),
)
moods = st.lists(st.tuples(st.floats(0.0, 20.0), st.none() | errors), max_size=12)


def erratic(clock: FakeClock, moods: Iterable[tuple[float, TargetError | None]], limit: int | None) -> Reranker:
    return Erratic(iter(moods), clock, Profile(Limits(documents=limit)))


@given(
    alias=st.sampled_from([*BY_STRATEGY.values()]),
    moods=st.fixed_dictionaries(dict.fromkeys((*NAMES, "spare"), moods)),
    limit=st.none() | st.integers(1, 3),
    count=st.integers(0, 5),
    call_timeout=st.none() | st.floats(0.01, 10.0),
    budgets=st.lists(st.floats(0.01, 30.0), min_size=1, max_size=4),
    seed=st.integers(),
)
def test_no_request_outlives_its_deadline(
    alias: Alias,
    moods: dict[str, list[tuple[float, TargetError | None]]],
    limit: int | None,
    count: int,
    call_timeout: float | None,
    budgets: list[float],
    seed: int,
) -> None:
    """
    In turn, hedged, fused, split: whatever fails, however slowly and whatever it asks us to wait, there is a ranking
    or a typed error in time, also for those who come next.
    """
    clock = FakeClock()
    rerankers = {name: erratic(clock, told, limit) for name, told in moods.items()}
    rerank = rerank_by({"x": alias}, clock, seed, **rerankers)
    asked = request_of(list("abcde"), model="x", retry=RetryPolicy(count), call_timeout=call_timeout)

    for budget in budgets:
        deadline = within(budget, clock)
        with suppress(AllTargetsFailed, DeadlineExceeded):
            assert len(rerank(asked, deadline).ranking.results) == 5
        assert clock.now() <= deadline.at + 1e-6

    assert all(pause <= max(BACKOFF.max_s, 400.0) for pause in clock.slept)
