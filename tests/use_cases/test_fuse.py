"""Several targets, one ranking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import TargetBusy, TargetFailed
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.routing.plan import FUSE_WAIT_S
from rerank_gateway.domain.usage import Usage
from tests.fakes import TEXTS, FakeClock, FakeReranker, request
from tests.use_cases.routers import fuse, rerank_by, run, targets, tried

ASKED = request(model="all")
DOWN = TargetFailed("down")
FIRST, SECOND, THIRD = TEXTS
UPSIDE_DOWN = {FIRST: 0.1, SECOND: 0.2, THIRD: 0.3}.__getitem__


def test_the_members_rankings_become_one() -> None:
    """
    Each is asked once, side by side, and scores are those of the fusion.
    """
    clock = FakeClock(0.0)
    rerankers = {name: FakeReranker(clock=clock, seconds=each) for name, each in (("a", 1.0), ("b", 2.0), ("c", 0.5))}
    rerankers["b"].score = UPSIDE_DOWN

    answer = run(rerank_by({"all": fuse("a", "b", "c")}, clock, **rerankers), ASKED)

    assert clock.now() == pytest.approx(2.0)
    assert tried(answer) == [("a", 200), ("b", 200), ("c", 200)]
    assert answer.ranking.kind == "rrf"
    assert [index for index, _ in answer.ranking.results] == [0, 1, 2]
    assert [score for _, score in answer.ranking.results] == pytest.approx([2 / 61 + 1 / 63, 3 / 62, 1 / 61 + 2 / 63])


def test_usage_and_cost_add_up() -> None:
    """
    Several were asked, and all of them want to be paid.
    """
    rerankers = {
        "a": FakeReranker(usage=Usage(total_tokens=7, cost=0.25)),
        "b": FakeReranker(usage=Usage(total_tokens=5, search_units=1, cost=0.5)),
    }

    answer = run(rerank_by({"all": fuse("a", "b")}, **rerankers), ASKED)

    assert answer.usage == Usage(total_tokens=12, search_units=1, cost=0.75)


def test_everyone_ranks_all_documents_although_few_are_wanted() -> None:
    """
    A document that one member left out would count as its last; the answer is as long as was asked for.
    """
    a, b = FakeReranker(), FakeReranker()

    answer = run(rerank_by({"all": fuse("a", "b")}, a=a, b=b), request(model="all", top_n=1))

    assert [asked.top_n for member in (a, b) for asked in member.questions] == [None, None]
    assert len(answer.ranking.results) == 1


def test_who_fails_is_left_out() -> None:
    """
    The others' rankings make the answer, under the name of the first of them.
    """
    rerankers = {"a": FakeReranker([DOWN]), "b": FakeReranker(), "c": FakeReranker(score=UPSIDE_DOWN)}

    answer = run(rerank_by({"all": fuse("a", "b", "c")}, **rerankers), ASKED)

    assert str(answer.target) == "b/m"
    assert tried(answer) == [("a", 502), ("b", 200), ("c", 200)]
    assert answer.usage.total_tokens == 14


def test_who_is_too_slow_is_left_out() -> None:
    """
    Nobody keeps the others waiting beyond the alias's share of the time.
    """
    clock = FakeClock(0.0)
    slow, ready = FakeReranker(clock=clock, seconds=99.0), FakeReranker(clock=clock, seconds=5.0)
    rerank = rerank_by({"all": fuse("a", "b", last_resort="spare")}, clock, a=slow, b=ready, spare=FakeReranker())

    answer = run(rerank, ASKED, seconds=9.0)

    assert clock.now() == pytest.approx(6.0)
    assert tried(answer) == [("a", 504), ("b", 200)]
    assert str(answer.target) == "b/m"


@pytest.mark.parametrize(("fuse_wait", "ends"), [(FUSE_WAIT_S, 4.0), (0.5, 1.5), (60.0, 9.0)])
def test_one_that_hangs_keeps_nobody_waiting_for_long(fuse_wait: float, ends: float) -> None:
    """
    Once one has answered, the others have three seconds, or what the alias says; who is not done then was overtaken.
    """
    clock = FakeClock(0.0)
    hung, ready = FakeReranker(clock=clock, seconds=99.0), FakeReranker(clock=clock, seconds=1.0)
    rerank = rerank_by({"all": replace(fuse("a", "b"), fuse_wait=fuse_wait)}, clock, a=hung, b=ready)

    answer = run(rerank, ASKED, seconds=9.0)

    assert clock.now() == pytest.approx(ends)
    assert tried(answer) == [("a", 499 if ends < 9.0 else 504), ("b", 200)]
    assert not answer.is_first_choice


def test_a_failure_is_no_answer_to_wait_after() -> None:
    """
    Who is slow has all the time, as long as nobody else has a ranking.
    """
    clock = FakeClock(0.0)
    broken, slow = FakeReranker([DOWN]), FakeReranker(clock=clock, seconds=8.0)

    answer = run(rerank_by({"all": fuse("a", "b")}, clock, a=broken, b=slow), ASKED)

    assert tried(answer) == [("a", 502), ("b", 200)]


def test_when_all_fail_the_fallbacks_have_their_turn() -> None:
    """
    First the caller's own, then the last resort.
    """
    rerankers = {name: FakeReranker([DOWN]) for name in ("a", "b", "c")}
    rerank = rerank_by({"all": fuse("a", "b", last_resort="spare")}, **rerankers, spare=FakeReranker())

    answer = run(rerank, request(model="all", fallbacks=("c/m",)))

    assert targets(answer) == ["a/m", "b/m", "c/m", "spare/m"]
    assert answer.ranking.kind == "probability"


def test_when_nobody_is_left_the_first_speaks_for_all() -> None:
    """
    The attempts stand in the order of the alias.
    """
    rerankers = {"a": FakeReranker([TargetBusy("429")]), "b": FakeReranker([DOWN])}

    with pytest.raises(AllTargetsFailed, match="a/m: 429") as failed:
        run(rerank_by({"all": fuse("a", "b")}, **rerankers), ASKED)

    assert tried(failed.value) == [("a", 429), ("b", 502)]


def test_a_member_that_takes_few_documents_at_a_time_is_asked_in_parts() -> None:
    """
    Members need not have the same limits.
    """
    small, large = FakeReranker(known=Profile(Limits(documents=2))), FakeReranker()

    answer = run(rerank_by({"all": fuse("a", "b")}, a=small, b=large), ASKED)

    assert [len(asked.texts) for asked in small.questions] == [2, 1]
    assert [attempt.parts for attempt in answer.attempts] == [2, 1]
    assert answer.ranking.results[0][0] == 0


def test_scores_of_a_fusion_fill_the_range_where_that_is_asked_for() -> None:
    """
    First everywhere is 1, however many were asked; the order is that of the scores as they are.
    """
    rerank = rerank_by({"all": fuse("a", "b")}, a=FakeReranker(), b=FakeReranker())

    raw, normalized = run(rerank, ASKED), run(rerank, request(model="all", normalized=True))

    assert [index for index, _ in normalized.ranking.results] == [index for index, _ in raw.ranking.results]
    assert [score for _, score in normalized.ranking.results] == pytest.approx([1.0, 61 / 62, 61 / 63])
    assert normalized.ranking.results[0][1] == 1.0
    assert normalized.ranking.kind == "normalized"
