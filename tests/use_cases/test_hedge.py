"""A slow target is not waited for alone."""

from __future__ import annotations

from itertools import repeat

import pytest

from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import TargetBusy, TargetFailed, TargetOutpaced
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.use_cases.rerank import Rerank
from tests.fakes import FakeClock, FakeReranker, request
from tests.use_cases.routers import alias, hedge, rerank_by, run, targets, tried

ASKED = request(model="fast")
DOWN = TargetFailed("down")


def fast(clock: FakeClock, **seconds: float) -> Rerank:
    """`fast`: models that take so many seconds each, the next after half a second; `spare` is its last resort."""
    rerankers = {name: FakeReranker(clock=clock, seconds=each) for name, each in seconds.items()}
    last_resort = "spare" if "spare" in rerankers else None
    named = [name for name in rerankers if name != "spare"]

    return rerank_by({"fast": hedge(*named, after=0.5, last_resort=last_resort)}, clock, **rerankers)


def test_the_next_target_answers_for_a_slow_one() -> None:
    """
    It is asked half a second later, its ranking wins, and the attempts tell who was overtaken.
    """
    clock = FakeClock(0.0)

    answer = run(fast(clock, a=5.0, b=0.2), ASKED)

    assert clock.now() == pytest.approx(0.7)
    assert str(answer.target) == "b/m"
    assert tried(answer) == [("a", 499), ("b", 200)]
    assert isinstance(answer.attempts[0].error, TargetOutpaced)
    assert answer.attempts[0].error.code == "provider_overtaken"
    assert [attempt.latency for attempt in answer.attempts] == [pytest.approx(0.7), pytest.approx(0.2)]


def test_who_answers_soon_enough_is_the_only_one_asked() -> None:
    """
    A hedge costs nothing as long as nobody is slow.
    """
    clock = FakeClock()
    rerank = fast(clock, a=0.4, b=0.1)

    answer = run(rerank, ASKED)

    assert targets(answer) == ["a/m"]
    assert rerank.ask.breaker.latency(alias("b").targets[0]) == float("inf")


def test_the_slow_one_may_still_win() -> None:
    """
    Being late is no failure: the first ranking wins, whoever it comes from.
    """
    clock = FakeClock(0.0)

    answer = run(fast(clock, a=1.0, b=3.0), ASKED)

    assert clock.now() == pytest.approx(1.0)
    assert tried(answer) == [("b", 499), ("a", 200)]


def test_one_after_the_other_joins_in() -> None:
    """
    With everyone slow, another target starts every half a second.
    """
    clock = FakeClock(0.0)

    answer = run(fast(clock, a=9.0, b=9.0, c=0.3), ASKED)

    assert clock.now() == pytest.approx(1.3)
    assert tried(answer) == [("a", 499), ("b", 499), ("c", 200)]
    assert [attempt.latency for attempt in answer.attempts] == [pytest.approx(each) for each in (1.3, 0.8, 0.3)]


def test_a_failure_starts_the_next_target_at_once() -> None:
    """
    There is nothing to wait for.
    """
    clock = FakeClock(0.0)
    broken, ready = FakeReranker([DOWN], clock, 0.1), FakeReranker(clock=clock, seconds=0.2)
    rerank = rerank_by({"fast": hedge("a", "b", after=0.5)}, clock, a=broken, b=ready)

    answer = run(rerank, ASKED)

    assert clock.now() == pytest.approx(0.3)
    assert tried(answer) == [("a", 502), ("b", 200)]


def test_a_retry_is_a_part_of_being_slow() -> None:
    """
    A target that is asked again is hedged like one that takes its time.
    """
    clock = FakeClock(0.0)
    flaky = FakeReranker([DOWN] * 3, clock, 0.2)
    rerank = rerank_by({"fast": hedge("a", "b", after=0.3)}, clock, a=flaky, b=FakeReranker())

    answer = run(rerank, request(model="fast", retry=RetryPolicy(5)))

    assert clock.now() == pytest.approx(0.3)
    assert str(answer.target) == "b/m"


def test_the_last_resort_is_not_raced() -> None:
    """
    It answers when everyone else failed, not when somebody is slow.
    """
    clock = FakeClock(0.0)

    answer = run(fast(clock, a=3.0, b=3.0, spare=0.0), ASKED)

    assert targets(answer) == ["b/m", "a/m"]
    assert str(answer.target) == "a/m"
    assert clock.now() == pytest.approx(3.0)


def test_a_callers_own_fallbacks_are_not_raced() -> None:
    """
    They are asked when the alias has failed, with the time that is left for them.
    """
    clock = FakeClock(0.0)
    late = {name: FakeReranker(clock=clock, seconds=99.0) for name in ("a", "b")}
    fallback = FakeReranker(clock=clock)
    rerank = rerank_by({"fast": hedge("a", "b", after=0.5)}, clock, **late, c=fallback)

    answer = run(rerank, request(model="fast", fallbacks=("c/m",)), seconds=9.0)

    assert tried(answer) == [("a", 504), ("b", 504), ("c", 200)]
    assert clock.now() == pytest.approx(6.0)
    assert fallback.timeouts == [pytest.approx(3.0)]


def test_when_all_fail_every_attempt_is_told() -> None:
    """
    The caller hears of everyone who was asked, retries included.
    """
    broken = {name: FakeReranker(repeat(TargetFailed(name))) for name in ("a", "b", "c")}
    rerank = rerank_by({"fast": hedge("a", "b", "c", after=0.5)}, **broken)

    with pytest.raises(AllTargetsFailed, match="a/m: a") as failed:
        run(rerank, request(model="fast", retry=RetryPolicy(1)))

    assert sorted(targets(failed.value)) == ["a/m", "a/m", "b/m", "b/m", "c/m", "c/m"]


def test_the_first_target_speaks_although_another_failed_before_it() -> None:
    """
    Whoever fails fast is not whom the caller asked for.
    """
    clock = FakeClock()
    slow, fast = FakeReranker([TargetBusy("429")], clock, 1.0), FakeReranker([DOWN], clock, 0.1)

    with pytest.raises(AllTargetsFailed, match="a/m: 429") as failed:
        run(rerank_by({"fast": hedge("a", "b", after=0.1)}, clock, a=slow, b=fast), ASKED)

    assert tried(failed.value) == [("b", 502), ("a", 429)]


def test_who_fails_in_the_same_moment_was_not_overtaken() -> None:
    """
    Attempts tell what happened.
    """
    clock = FakeClock()
    slow, broken = FakeReranker(clock=clock, seconds=1.0), FakeReranker([DOWN], clock, 0.5)

    answer = run(rerank_by({"fast": hedge("a", "b", after=0.5)}, clock, a=slow, b=broken), ASKED)

    assert tried(answer) == [("b", 502), ("a", 200)]


def test_nobody_is_waited_for_beyond_the_deadline() -> None:
    """
    With everyone silent there is a typed error in time, and each of them has an attempt in it.
    """
    clock = FakeClock(0.0)

    with pytest.raises(AllTargetsFailed) as late:
        run(fast(clock, a=99.0, b=99.0, c=99.0), ASKED, seconds=2.0)

    assert clock.now() == pytest.approx(2.0)
    assert tried(late.value) == [("a", 504), ("b", 504), ("c", 504)]


def test_who_has_no_turn_before_the_deadline_is_not_asked() -> None:
    """
    A hedge that would start too late does not start.
    """
    clock = FakeClock(0.0)

    with pytest.raises(AllTargetsFailed) as late:
        run(fast(clock, a=99.0, b=99.0), ASKED, seconds=0.4)

    assert clock.now() == pytest.approx(0.4)
    assert targets(late.value) == ["a/m"]


def test_who_was_tried_again_before_being_outpaced_shows_every_try() -> None:
    """
    Three tries at one target are three attempts, the last of which nobody waited for.
    """
    clock = FakeClock(0.0)
    slow = FakeReranker([TargetBusy("429", retry_after=1.0), TargetBusy("429", retry_after=1.0)], clock, seconds=0.2)
    rerank = rerank_by({"fast": hedge("a", "b", after=2.3)}, clock, a=slow, b=FakeReranker(clock=clock))

    answer = run(rerank, request(model="fast", retry=RetryPolicy(5)))

    assert tried(answer) == [("a", 429), ("a", 429), ("a", 499), ("b", 200)]
