"""The plan at work, on a clock that only moves when someone waits."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import (
    BadReply,
    DeadlineExceeded,
    TargetBusy,
    TargetFailed,
    TargetRefused,
    Unavailable,
)
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Alias
from rerank_gateway.domain.usage import Usage
from tests.fakes import FakeReranker, request
from tests.use_cases.routers import alias, fuse, hedge, rerank_by, rerank_with, run, targets, tried

TWO = request(model="busy/m", fallbacks=("ready/m",))


def test_busy_target_is_passed_over() -> None:
    """
    A busy target costs an attempt, and the next one answers.
    """
    rerank = rerank_with(busy=FakeReranker([TargetBusy("429")]), ready=FakeReranker())

    answer = run(rerank, TWO)

    assert tried(answer) == [("busy", 429), ("ready", 200)]
    assert answer.usage.total_tokens == 7


def test_nobody_else_is_asked_once_someone_answered() -> None:
    """
    The first ranking wins, and the fallback costs nothing.
    """
    fallback = FakeReranker()

    answer = run(rerank_with(busy=FakeReranker(), ready=fallback), TWO)

    assert targets(answer) == ["busy/m"]
    assert fallback.questions == []


def test_the_last_resort_answers_when_everyone_failed() -> None:
    """
    An alias with a last resort always has an answer.
    """
    safe = {"safe": alias("busy", last_resort="spare")}
    rerank = rerank_by(safe, busy=FakeReranker([TargetFailed("down")]), spare=FakeReranker())

    assert targets(run(rerank, request(model="safe"))) == ["busy/m", "spare/m"]


def test_garbage_is_a_failed_attempt() -> None:
    """
    A reply that is no ranking is never passed on: the next target answers.
    """

    class Garbage(FakeReranker):
        def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
            return ProviderScores([(0, 0.5), (0, 0.5), (7, "x")], Usage())

    answer = run(rerank_with(busy=Garbage(), ready=FakeReranker()), TWO)

    assert isinstance(answer.attempts[0].error, BadReply)
    assert targets(answer) == ["busy/m", "ready/m"]


def test_the_first_target_speaks_for_all_who_failed() -> None:
    """
    A caller asked for the first target, so its last error is what they hear of; the attempts tell the rest.
    """
    rerank = rerank_with(busy=FakeReranker([TargetBusy("429")]), ready=FakeReranker([TargetFailed("down")]))

    with pytest.raises(AllTargetsFailed, match="busy/m: 429") as failed:
        run(rerank, TWO)

    assert isinstance(failed.value.primary_error, TargetBusy)
    assert targets(failed.value) == ["busy/m", "ready/m"]


def test_the_first_target_speaks_although_it_was_asked_last() -> None:
    """
    While it is passed over, the last resort's complaints are not what the caller hears.
    """
    sick, spare = FakeReranker([TargetFailed("down")] * 6), FakeReranker([TargetRefused("no images")] * 6)
    rerank = rerank_by({"safe": alias("busy", last_resort="spare")}, busy=sick, spare=spare)

    for _ in range(6):
        with pytest.raises(AllTargetsFailed, match="busy/m: down") as failed:
            run(rerank, request(model="safe"))

    assert targets(failed.value) == ["spare/m", "busy/m"]


class Keyless(FakeReranker):
    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        raise Unavailable("the gateway's secret store cannot be reached")


@pytest.mark.parametrize(
    "alias",
    [
        alias("busy", last_resort="spare"),
        hedge("busy", "ready", after=1.0, last_resort="spare"),
        fuse("busy", "ready", last_resort="spare"),
    ],
    ids=["in turn", "hedged", "fused"],
)
def test_a_key_that_is_out_of_reach_is_a_failed_attempt(alias: Alias) -> None:
    """
    Others need none, or have theirs elsewhere; with nobody left it is worth coming back.
    """
    answer = run(rerank_by({"x": alias}, busy=Keyless(), ready=Keyless(), spare=FakeReranker()), request(model="x"))
    with pytest.raises(AllTargetsFailed) as failed:
        run(rerank_with(busy=Keyless()), request(model="busy/m"))

    assert tried(answer)[0] == ("busy", 503)
    assert str(answer.target) == "spare/m"
    assert isinstance(failed.value.primary_error, TargetBusy)


def test_nobody_is_asked_when_no_time_is_left() -> None:
    """
    A request that arrives at its deadline is told so.
    """
    with pytest.raises(DeadlineExceeded):
        run(rerank_with(ready=FakeReranker()), request(), seconds=0.0)
