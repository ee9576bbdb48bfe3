"""When a failed try is worth another, and after which pause: values, without anyone who is asked."""

from __future__ import annotations

from random import Random

import pytest

from rerank_gateway.domain.backoff import NO_BACKOFF, Backoff
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetFailed, TargetRefused, TargetTimedOut
from rerank_gateway.domain.retry import NO_RETRY, RetryPolicy

RNG = Random(0)
AT_ONCE = RetryPolicy(2, backoff=NO_BACKOFF)


@pytest.mark.parametrize(("failures", "longest"), [(0, 0.2), (1, 0.4), (4, 3.2), (5, 5.0), (5000, 5.0)])
def test_the_pause_doubles_up_to_a_limit(failures: int, longest: float) -> None:
    """
    It is drawn from all of it, so that many who wait do not come back at once.
    """
    pauses = [Backoff(0.2, 5.0).pause(failures, RNG) for _ in range(2000)]

    assert 0.0 <= min(pauses) < 0.05 * longest
    assert 0.95 * longest < max(pauses) <= longest


def test_less_jitter_leaves_a_pause_at_least() -> None:
    """
    With half of it left to chance, nobody comes back before half of it is over.
    """
    pauses = [Backoff(4.0, 900.0, jitter=0.5).pause(1, RNG) for _ in range(2000)]

    assert 4.0 <= min(pauses) < 4.2
    assert 7.8 < max(pauses) <= 8.0


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_these_codes_are_tried_again_unless_the_caller_names_others(status: int) -> None:
    """
    The numbers are orq.ai's.
    """
    assert AT_ONCE.pause(TargetError("x", status_code=status), 0, RNG) == 0.0


@pytest.mark.parametrize(
    "error", [TargetRefused("400"), TargetError("x", status_code=501), TargetTimedOut("408", status_code=408)]
)
def test_other_codes_are_not_tried_again(error: TargetError) -> None:
    """
    The same question would get the same answer.
    """
    assert AT_ONCE.pause(error, 0, RNG) is None


def test_the_count_is_of_retries() -> None:
    """
    Two retries are three tries in all, and no retry is none.
    """
    assert [AT_ONCE.pause(TargetFailed("502"), failures, RNG) for failures in range(3)] == [0.0, 0.0, None]
    assert NO_RETRY.pause(TargetFailed("502"), 0, RNG) is None


def test_who_says_when_is_not_asked_before() -> None:
    """
    `Retry-After` is a lower bound.
    """
    assert AT_ONCE.pause(TargetBusy("429", retry_after=7.0), 0, RNG) == 7.0
