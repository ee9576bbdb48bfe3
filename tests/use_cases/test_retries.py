"""When the same target is asked again, and after how long."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import TargetBusy, TargetFailed, TargetMissing, TargetRejectedKey, TargetTimedOut
from rerank_gateway.domain.retry import RetryPolicy
from tests.fakes import FakeClock, FakeReranker, request
from tests.use_cases.routers import rerank_by, rerank_with, run, targets


def test_a_retry_waits_and_asks_the_same_target_again() -> None:
    """
    Two failures that the request calls retryable, two pauses, then the answer.
    """
    clock = FakeClock()
    flaky = FakeReranker([TargetFailed("down"), TargetTimedOut("late")])

    answer = run(rerank_with(clock, busy=flaky), request(model="busy/m", retry=RetryPolicy(2)))

    assert targets(answer) == ["busy/m"] * 3
    assert len(clock.slept) == 2
    assert 0.0 <= clock.slept[0] <= 0.2
    assert 0.0 <= clock.slept[1] <= 0.4


@pytest.mark.parametrize("seed", range(20))
def test_a_pause_is_never_longer_than_five_seconds(seed: int) -> None:
    """
    It doubles from try to try up to that, and is drawn from the whole, so that callers do not come back all at once.
    """
    clock = FakeClock()
    flaky = FakeReranker([TargetFailed("down")] * 8)

    run(rerank_by({}, clock, seed, busy=flaky), request(model="busy/m", retry=RetryPolicy(8)), seconds=100.0)

    longest = (0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0)
    assert all(0.0 <= slept <= most for slept, most in zip(clock.slept, longest, strict=True))


def test_a_code_that_is_not_listed_is_not_retried() -> None:
    """
    `on_codes` decides: the fallback has its turn at once.
    """
    retry = RetryPolicy(5, frozenset({503}))
    rerank = rerank_with(busy=FakeReranker([TargetBusy("429")]), ready=FakeReranker())

    answer = run(rerank, request(model="busy/m", fallbacks=("ready/m",), retry=retry))

    assert targets(answer) == ["busy/m", "ready/m"]


def test_a_missing_model_is_never_asked_for_again() -> None:
    """
    A 404 does not get better by waiting.
    """
    clock = FakeClock()

    with pytest.raises(AllTargetsFailed) as failed:
        run(
            rerank_with(clock, busy=FakeReranker([TargetMissing("404")])), request(model="busy/m", retry=RetryPolicy(5))
        )

    assert targets(failed.value) == ["busy/m"]
    assert clock.slept == []


def test_retry_after_is_honoured() -> None:
    """
    A provider that says "in three seconds" is asked again in three seconds.
    """
    clock = FakeClock()
    busy = FakeReranker([TargetBusy("429", retry_after=3.0)])

    run(rerank_with(clock, busy=busy), request(model="busy/m", retry=RetryPolicy(1)))

    assert clock.slept == [3.0]


def test_a_retry_after_beyond_the_time_left_moves_on_at_once() -> None:
    """
    Nobody waits for a provider when waiting would cost the fallback its turn.
    """
    clock = FakeClock()
    busy = FakeReranker([TargetBusy("429", retry_after=6.0)])
    rerank = rerank_with(clock, busy=busy, ready=FakeReranker())

    answer = run(rerank, request(model="busy/m", fallbacks=("ready/m",), retry=RetryPolicy(1)), seconds=10.0)

    assert targets(answer) == ["busy/m", "ready/m"]
    assert clock.slept == []


def test_a_spare_key_is_tried_at_once_and_is_no_retry() -> None:
    """
    A turned-down key costs an attempt but neither a pause nor a retry.
    """
    clock = FakeClock()
    rejected = TargetRejectedKey("401")
    rejected.has_spare_key = True

    answer = run(rerank_with(clock, busy=FakeReranker([rejected])), request(model="busy/m"))

    assert targets(answer) == ["busy/m", "busy/m"]
    assert clock.slept == []
