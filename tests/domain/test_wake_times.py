"""How long a target that sleeps while nobody asks takes to wake."""

from __future__ import annotations

from rerank_gateway.domain.target import Target
from rerank_gateway.domain.wake_times import MAX_TARGETS, WakeTimes
from tests.fakes import FakeClock

A, B = Target("sagemaker", "a"), Target("sagemaker", "b")


def test_how_long_it_took_is_known_once() -> None:
    """
    From the first request in vain till the first that was answered; the next ones know nothing of it.
    """
    clock = FakeClock()
    times = WakeTimes(clock)
    for _ in range(3):
        times.found_asleep(A)
        clock.sleep(120.0)

    assert times.answered(B) is None
    assert (times.answered(A), times.answered(A)) == (360.0, None)


def test_callers_cannot_fill_the_memory() -> None:
    """
    They choose models as they like.
    """
    times = WakeTimes(FakeClock())
    for number in range(MAX_TARGETS + 5):
        times.found_asleep(Target("sagemaker", f"m{number}"))

    assert len(times.asleep_since) == MAX_TARGETS
