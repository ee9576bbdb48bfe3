"""Several things at the same time, but not too many."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.use_cases.routing.fan_out import fan_out
from tests.fakes import FakeClock, FakeExecutor


def work(clock: FakeClock, seconds: float, result: int, done: list[int] | None = None) -> Callable[[], int]:
    """What takes so many *seconds*, and is noted in *done* when it starts."""

    def working() -> int:
        if done is not None:
            done.append(result)
        clock.time += seconds
        return result

    return working


def failing() -> int:
    raise TargetFailed("down")


@given(seconds=st.lists(st.floats(0.0, 10.0), min_size=1, max_size=30), at_once=st.integers(1, 10))
def test_results_come_in_the_order_of_the_works(seconds: list[float], at_once: int) -> None:
    """
    Whoever is done first, and never are more under way than allowed.
    """
    clock = FakeClock(0.0)
    executor = FakeExecutor(clock)

    found = fan_out(
        executor, [work(clock, each, place) for place, each in enumerate(seconds)], at_once, Deadline(clock, 10_000.0)
    )

    assert found == list(range(len(seconds)))
    assert executor.most <= at_once
    assert max(seconds) <= clock.now() <= sum(seconds) + 1e-6


def test_who_is_done_makes_room_for_the_next() -> None:
    """
    Two at a time: the third starts when the first is done, not when both are.
    """
    clock = FakeClock(0.0)

    fan_out(FakeExecutor(clock), [work(clock, seconds, 0) for seconds in (1.0, 3.0, 2.0)], 2, Deadline(clock, 100.0))

    assert clock.now() == 3.0


def test_nothing_is_started_after_a_failure() -> None:
    """
    The first error is raised, and what was still to do is left undone.
    """
    clock, done = FakeClock(0.0), list[int]()
    works = [work(clock, 2.0, 0, done), failing, *(work(clock, 1.0, place, done) for place in (2, 3, 4))]

    with pytest.raises(TargetFailed):
        fan_out(FakeExecutor(clock), works, 2, Deadline(clock, 100.0))

    assert done == [0]
    assert clock.now() == 0.0


def test_nobody_is_waited_for_beyond_the_moment_given() -> None:
    """
    What is not done by then is given up.
    """
    clock, done = FakeClock(0.0), list[int]()

    with pytest.raises(TimeoutError):
        fan_out(FakeExecutor(clock), [work(clock, 3.0, place, done) for place in range(9)], 2, Deadline(clock, 5.0))

    assert clock.now() == 5.0
    assert done == [0, 1, 2, 3]
