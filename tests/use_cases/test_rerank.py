"""The plan at work, on a clock that only moves when someone waits."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.answer import Answer, Scores
from rerank_gateway.domain.errors import (
    BadReply,
    NoAnswer,
    OutOfTime,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRejectedKey,
    TargetTimedOut,
)
from rerank_gateway.domain.health import Health
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.request import RerankRequest, Retry
from rerank_gateway.domain.routing import Alias, Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.ask import LONGEST_PAUSE, Ask
from rerank_gateway.use_cases.rerank import Rerank
from tests.fakes import FakeClock, FakeCrew, FakeReranker, request

NAMES = ("busy", "ready", "spare")
WHOLE = Routing(providers=NAMES, aliases={"safe": Alias((Target("busy", "m"),), last_resort=Target("spare", "m"))})
TWO = request(model="busy/m", fallbacks=("ready/m",))


def rerank_with(clock: FakeClock | None = None, **rerankers: Reranker) -> Rerank:
    clock = clock or FakeClock()

    return Rerank(WHOLE, Ask(rerankers.__getitem__, clock, Random(0), FakeCrew(clock), Health()))


def run(rerank: Rerank, asked: RerankRequest, seconds: float = 10.0) -> Answer:
    return rerank(asked, rerank.ask.clock.now() + seconds)


def targets(answer: Answer | NoAnswer) -> list[str]:
    return [str(attempt.target) for attempt in answer.attempts]


def test_busy_target_is_passed_over() -> None:
    """
    A busy target costs an attempt, and the next one answers.
    """
    rerank = rerank_with(busy=FakeReranker([TargetBusy("429")]), ready=FakeReranker())

    answer = run(rerank, TWO)

    assert targets(answer) == ["busy/m", "ready/m"]
    assert [attempt.status_code for attempt in answer.attempts] == [429, 200]
    assert answer.usage.total_tokens == 7


def test_nobody_else_is_asked_once_someone_answered() -> None:
    """
    The first ranking wins, and the fallback costs nothing.
    """
    fallback = FakeReranker()

    answer = run(rerank_with(busy=FakeReranker(), ready=fallback), TWO)

    assert targets(answer) == ["busy/m"]
    assert fallback.timeouts == []


def test_a_retry_waits_and_asks_the_same_target_again() -> None:
    """
    Two failures that the request calls retryable, two pauses, then the answer.
    """
    clock = FakeClock()
    flaky = FakeReranker([TargetFailed("down"), TargetTimedOut("late")])

    answer = run(rerank_with(clock, busy=flaky), request(model="busy/m", retry=Retry(2)))

    assert targets(answer) == ["busy/m"] * 3
    assert len(clock.slept) == 2
    assert 0.0 <= clock.slept[0] <= 0.2
    assert 0.0 <= clock.slept[1] <= 0.4


def test_a_code_that_is_not_listed_is_not_retried() -> None:
    """
    `on_codes` decides: the fallback has its turn at once.
    """
    retry = Retry(5, frozenset({503}))
    rerank = rerank_with(busy=FakeReranker([TargetBusy("429")]), ready=FakeReranker())

    answer = run(rerank, request(model="busy/m", fallbacks=("ready/m",), retry=retry))

    assert targets(answer) == ["busy/m", "ready/m"]


def test_a_missing_model_is_never_asked_for_again() -> None:
    """
    A 404 does not get better by waiting.
    """
    clock = FakeClock()

    with pytest.raises(NoAnswer) as failed:
        run(rerank_with(clock, busy=FakeReranker([TargetMissing("404")])), request(model="busy/m", retry=Retry(5)))

    assert targets(failed.value) == ["busy/m"]
    assert clock.slept == []


def test_retry_after_is_honoured() -> None:
    """
    A provider that says "in three seconds" is asked again in three seconds.
    """
    clock = FakeClock()
    busy = FakeReranker([TargetBusy("429", retry_after=3.0)])

    run(rerank_with(clock, busy=busy), request(model="busy/m", retry=Retry(1)))

    assert clock.slept == [3.0]


def test_a_retry_after_beyond_the_time_left_moves_on_at_once() -> None:
    """
    Nobody waits for a provider when waiting would cost the fallback its turn.
    """
    clock = FakeClock()
    busy = FakeReranker([TargetBusy("429", retry_after=6.0)])
    rerank = rerank_with(clock, busy=busy, ready=FakeReranker())

    answer = run(rerank, request(model="busy/m", fallbacks=("ready/m",), retry=Retry(1)), seconds=10.0)

    assert targets(answer) == ["busy/m", "ready/m"]
    assert clock.slept == []


def test_a_spare_key_is_tried_at_once_and_is_no_retry() -> None:
    """
    A turned-down key costs an attempt but neither a pause nor a retry.
    """
    clock = FakeClock()
    rejected = TargetRejectedKey("401")
    rejected.spare_key = True

    answer = run(rerank_with(clock, busy=FakeReranker([rejected])), request(model="busy/m"))

    assert targets(answer) == ["busy/m", "busy/m"]
    assert clock.slept == []


def test_a_slow_target_leaves_its_followers_their_share() -> None:
    """
    With one fallback, a target that never answers has half of the time.
    """
    clock = FakeClock()
    slow = FakeReranker([TargetTimedOut("late")], clock, seconds=99.0)
    fallback = FakeReranker(clock=clock)

    answer = run(rerank_with(clock, busy=slow, ready=fallback), TWO, seconds=10.0)

    assert targets(answer) == ["busy/m", "ready/m"]
    assert slow.timeouts == [5.0]
    assert fallback.timeouts == [5.0]


def test_call_timeout_limits_each_try() -> None:
    """
    A request's own limit holds for every try at every target.
    """
    clock = FakeClock()
    slow = FakeReranker([TargetTimedOut("late")] * 2, clock, seconds=99.0)
    fallback = FakeReranker(clock=clock)
    asked = request(model="busy/m", fallbacks=("ready/m",), call_timeout=2.0, retry=Retry(1))

    run(rerank_with(clock, busy=slow, ready=fallback), asked, seconds=10.0)

    assert slow.timeouts == [2.0, 2.0]
    assert fallback.timeouts == [2.0]


def test_the_last_resort_answers_when_everyone_failed() -> None:
    """
    An alias with a last resort always has an answer.
    """
    rerank = rerank_with(busy=FakeReranker([TargetFailed("down")]), spare=FakeReranker())

    assert targets(run(rerank, request(model="safe"))) == ["busy/m", "spare/m"]


def test_garbage_is_a_failed_attempt() -> None:
    """
    A reply that is no ranking is never passed on: the next target answers.
    """

    class Garbage(FakeReranker):
        def rerank(self, request: RerankRequest, model: str, timeout: float) -> Scores:
            return Scores([(0, 0.5), (0, 0.5), (7, "x")], Usage())

    answer = run(rerank_with(busy=Garbage(), ready=FakeReranker()), TWO)

    assert isinstance(answer.attempts[0].error, BadReply)
    assert targets(answer) == ["busy/m", "ready/m"]


def test_the_first_target_speaks_for_all_who_failed() -> None:
    """
    A caller asked for the first target, so its last error is what they hear of; the attempts tell the rest.
    """
    rerank = rerank_with(busy=FakeReranker([TargetBusy("429")]), ready=FakeReranker([TargetFailed("down")]))

    with pytest.raises(NoAnswer, match="busy/m: 429") as failed:
        run(rerank, TWO)

    assert isinstance(failed.value.spokesman, TargetBusy)
    assert targets(failed.value) == ["busy/m", "ready/m"]


def test_nobody_is_asked_when_no_time_is_left() -> None:
    """
    A request that arrives at its deadline is told so.
    """
    with pytest.raises(OutOfTime):
        run(rerank_with(ready=FakeReranker()), request(), seconds=0.0)


errors = st.sampled_from([TargetBusy, TargetFailed, TargetTimedOut, TargetMissing, BadReply])
failures = st.lists(st.tuples(errors, st.none() | st.floats(0, 40)), max_size=8)


@given(
    busy=failures,
    ready=failures,
    seconds=st.floats(0.0, 20.0),
    count=st.integers(0, 5),
    budget=st.floats(0.01, 30.0),
    seed=st.integers(),
)
def test_no_request_outlives_its_deadline(
    busy: list[tuple[type[TargetError], float | None]],
    ready: list[tuple[type[TargetError], float | None]],
    seconds: float,
    count: int,
    budget: float,
    seed: int,
) -> None:
    """
    Whatever fails, however slowly and whatever it asks us to wait, there is a ranking or a typed error in time.
    """
    clock = FakeClock()
    rerankers = {
        name: FakeReranker([kind("x", retry_after=after) for kind, after in told], clock, seconds)
        for name, told in (("busy", busy), ("ready", ready))
    }
    rerank = Rerank(WHOLE, Ask(rerankers.__getitem__, clock, Random(seed), FakeCrew(clock), Health()))
    deadline = clock.now() + budget

    with suppress(NoAnswer, OutOfTime):
        rerank(request(model="busy/m", fallbacks=("ready/m",), retry=Retry(count)), deadline)

    assert clock.now() <= deadline + 1e-6
    assert all(pause <= max(LONGEST_PAUSE, 40.0) for pause in clock.slept)
