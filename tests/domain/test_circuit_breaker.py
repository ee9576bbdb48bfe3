"""When a target is passed over, and for how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import inf

import pytest

from rerank_gateway.domain.circuit_breaker import MAX_TARGETS, CircuitBreaker
from rerank_gateway.domain.errors import (
    BadReply,
    TargetAsleep,
    TargetBulkheadFull,
    TargetBusy,
    TargetCrashed,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetOutpaced,
    TargetRefused,
    TargetRejectedKey,
    TargetRequestTooLarge,
    TargetTimedOut,
)
from rerank_gateway.domain.target import Target
from tests.fakes import FakeClock

A, B = Target("a", "m"), Target("b", "m")
DOWN = TargetFailed("down")


def at(breaker: CircuitBreaker, now: float) -> CircuitBreaker:
    """The breaker, at that moment."""
    return replace(breaker, clock=FakeClock(now))


def failing(times: int, error: TargetError = DOWN, seconds: float = 2.0, now: float = 0.0) -> CircuitBreaker:
    """A breaker after A failed so often."""
    breaker = CircuitBreaker(FakeClock(0.0))
    for _ in range(times):
        at(breaker, now).record_failure(A, error, seconds)

    return breaker


@pytest.mark.parametrize("kind", [TargetFailed, TargetTimedOut, BadReply, TargetRejectedKey, TargetBusy])
def test_a_target_rests_after_five_failures_in_a_row(kind: type[TargetError]) -> None:
    """
    Four may be chance. After the fifth, nobody asks for half a minute.
    """
    assert at(failing(4, kind("x")), 0.0).is_available(A)

    breaker = failing(5, kind("x"))

    assert not at(breaker, 29.9).is_available(A)
    assert at(breaker, 30.0).is_available(A)
    assert at(breaker, 0.0).is_available(B)


def test_an_answer_makes_the_failures_before_it_count_no_more() -> None:
    """
    It is five in a row that tell, not five in a day.
    """
    breaker = failing(4)

    breaker.record_success(A, 0.1)
    at(breaker, 0.0).record_failure(A, DOWN, 2.0)

    assert at(breaker, 0.0).is_available(A)


def test_one_probe_is_let_through() -> None:
    """
    While it is under way the others pass the target over still; if nothing is heard of it, there is another.
    """
    breaker = failing(5)

    at(breaker, 30.0).record_call(A)

    assert not at(breaker, 30.0).is_available(A)
    assert not at(breaker, 59.9).is_available(A)
    assert at(breaker, 60.0).is_available(A)


def test_an_answer_to_the_probe_makes_the_target_one_like_the_others() -> None:
    """
    It takes five more failures until it rests again.
    """
    breaker = failing(5)
    at(breaker, 30.0).record_call(A)

    breaker.record_success(A, 0.1)

    assert at(breaker, 30.1).is_available(A)
    at(breaker, 31.0).record_failure(A, DOWN, 2.0)
    assert at(breaker, 31.0).is_available(A)


def test_a_probe_that_fails_has_the_target_rest_again() -> None:
    """
    One more failure is enough then.
    """
    breaker = failing(5)
    at(breaker, 30.0).record_call(A)

    at(breaker, 32.0).record_failure(A, DOWN, 2.0)

    assert not at(breaker, 61.9).is_available(A)
    assert at(breaker, 62.0).is_available(A)


@pytest.mark.parametrize("error", [TargetRefused("400"), TargetMissing("404"), TargetTimedOut("late")])
def test_a_probe_that_tells_nothing_gives_way_to_another(error: TargetError) -> None:
    """
    A bad question, or one in a hurry, does not cost a target that is well again another half a minute.
    """
    breaker = failing(5)
    at(breaker, 30.0).record_call(A)

    at(breaker, 30.1).record_failure(A, error, 0.1)

    assert at(breaker, 30.1).is_available(A)


def test_a_long_wait_is_not_cut_short() -> None:
    """
    Neither by other failures nor by who had nobody else to ask: `Retry-After` holds.
    """
    breaker = failing(5, TargetBusy("429", retry_after=200.0))

    at(breaker, 1.0).record_failure(A, DOWN, 2.0)
    at(breaker, 2.0).record_call(A)
    at(breaker, 2.1).record_failure(A, TargetRefused("400"), 0.1)

    assert not at(breaker, 199.9).is_available(A)
    assert at(breaker, 200.0).is_available(A)


@pytest.mark.parametrize(("asked", "rests"), [(0.5, 0.5), (7.0, 7.0), (120.0, 120.0), (86_400.0, 300.0)])
def test_a_target_that_wants_to_be_left_alone_is_at_once(asked: float, rests: float) -> None:
    """
    `Retry-After` needs no second failure, but nobody is written off for more than five minutes.
    """
    breaker = failing(1, TargetBusy("429", retry_after=asked))

    assert not at(breaker, rests - 0.01).is_available(A)
    assert at(breaker, rests).is_available(A)


def test_a_short_wait_does_not_wake_who_is_in_trouble() -> None:
    """
    Who fails for the fifth time and wants a second rests for half a minute nevertheless.
    """
    assert not at(failing(5, TargetBusy("429", retry_after=1.0)), 29.9).is_available(A)


@pytest.mark.parametrize(
    "kind",
    [
        TargetRefused,
        TargetMissing,
        TargetRequestTooLarge,
        TargetAsleep,
        TargetBulkheadFull,
        TargetOutpaced,
        TargetCrashed,
    ],
    ids=lambda kind: kind.code,
)
def test_what_lies_in_the_question_does_not_tell_against_the_target(kind: type[TargetError]) -> None:
    """
    A caller with bad questions, or with many, cannot take a target from the others.
    """
    assert at(failing(100, kind("x", retry_after=60.0)), 0.0).is_available(A)


def test_a_callers_own_impatience_does_not_tell_either() -> None:
    """
    Who gives a target less than a second learns nothing about it.
    """
    assert at(failing(100, TargetTimedOut("late"), seconds=0.99), 0.0).is_available(A)
    assert not at(failing(5, TargetTimedOut("late"), seconds=1.0), 0.0).is_available(A)


@pytest.mark.parametrize(
    ("usual", "given", "rests"),
    [(3.0, 5.9, False), (3.0, 6.0, True), (0.1, 0.9, False), (0.1, 1.0, True), (None, 9.9, False), (None, 10.0, True)],
)
def test_a_hurried_caller_tells_only_after_twice_the_usual_time(usual: float | None, given: float, rests: bool) -> None:
    """
    Whoever gives a target less than it needs learns nothing about it; where nobody knows what it needs, ten seconds.
    """
    breaker = CircuitBreaker(FakeClock(0.0))
    if usual is not None:
        breaker.record_success(A, usual)

    for _ in range(5):
        breaker.record_failure(A, TargetTimedOut("late"), given, hurried=True)

    assert breaker.is_available(A) is not rests


def test_hurry_is_no_excuse_for_other_failures() -> None:
    """
    An error of the target's own comes as fast as it likes.
    """
    breaker = CircuitBreaker(FakeClock(0.0))

    for _ in range(5):
        breaker.record_failure(A, DOWN, 0.01, hurried=True)

    assert not breaker.is_available(A)


def test_a_target_rests_while_the_process_is_frozen() -> None:
    """
    Half a minute of the calendar is enough: environments are frozen between requests.
    """
    clock = FakeClock(0.0)
    breaker = CircuitBreaker(clock)
    for _ in range(5):
        breaker.record_failure(A, DOWN, 2.0)

    clock.frozen += 30.0

    assert breaker.is_available(A)


def test_a_key_that_has_another_beside_it_does_not_tell() -> None:
    """
    The target is asked again at once with the other one.
    """
    rejected = TargetBusy("429", retry_after=60.0)
    rejected.has_spare_key = True

    assert at(failing(100, rejected), 0.0).is_available(A)


def test_if_all_are_in_trouble_all_are_asked() -> None:
    """
    Nobody is refused for the sake of a rule.
    """
    breaker = failing(5)

    assert breaker.available((A, B)) == (B,)
    assert breaker.available((A,)) == (A,)
    assert breaker.available(()) == ()


def test_a_breaker_that_is_off_never_opens() -> None:
    """
    With an infinite threshold everyone is asked as if nothing had happened.
    """
    breaker = CircuitBreaker(FakeClock(0.0), threshold=inf)
    for _ in range(100):
        at(breaker, 0.0).record_failure(A, TargetBusy("429", retry_after=60.0), 2.0)

    assert at(breaker, 0.0).is_available(A)


def test_so_many_targets_are_remembered_and_no_more() -> None:
    """
    Callers choose models as they like, and cannot fill the memory with them.
    """
    breaker = failing(5)

    for number in range(MAX_TARGETS + 10):
        at(breaker, 0.0).record_failure(Target("vllm", f"m{number}"), TargetBusy("429", retry_after=60.0), 2.0)

    assert len(breaker.circuits) == MAX_TARGETS
    assert not at(breaker, 0.0).is_available(Target("vllm", f"m{MAX_TARGETS + 9}"))


def test_latency_is_a_mean_that_forgets() -> None:
    """
    A fifth of it is the last answer's, the rest what was before; what nobody knows is infinitely slow.
    """
    breaker = CircuitBreaker(FakeClock(0.0))

    breaker.record_success(A, 1.0)
    breaker.record_success(A, 2.0)

    assert breaker.latency(A) == pytest.approx(1.2)
    assert breaker.latency(B) == inf


def test_threads_may_tell_of_failures_at_the_same_time() -> None:
    """
    None of them is lost.
    """
    breaker = CircuitBreaker(FakeClock(0.0), threshold=inf)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: breaker.record_failure(A, DOWN, 2.0), range(2_000)))

    assert breaker.circuits[A].failures == 2_000


def test_after_a_success_it_takes_all_failures_again() -> None:
    """
    What was before it is forgotten.
    """
    breaker = failing(4)
    breaker.record_success(A, 0.1)
    for _ in range(4):
        breaker.record_failure(A, DOWN, 2.0)

    assert breaker.is_available(A)
    breaker.record_failure(A, DOWN, 2.0)
    assert not breaker.is_available(A)
