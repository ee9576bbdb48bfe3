"""Documents with nothing in them, on their way through the plan."""

from __future__ import annotations

from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from tests.fakes import FakeReranker, request_of
from tests.use_cases.routers import fuse, rerank_by, rerank_with, run

MIXED = ["", "the first", " ", "the second", "the third"]


def sent_to(reranker: FakeReranker) -> list[list[str]]:
    return [list(question.texts) for question in reranker.questions]


def test_nobody_is_sent_a_blank_text() -> None:
    """
    Some providers would refuse the whole request for it; the others come back under their own indices.
    """
    target = FakeReranker()

    answer = run(rerank_with(a=target), request_of(MIXED, model="a/m"))

    assert sent_to(target) == [["the first", "the second", "the third"]]
    assert answer.ranking.results == ((1, 1.0), (3, 0.5), (4, 1 / 3), (0, 0.0), (2, 0.0))
    assert answer.usage.total_tokens == 7


def test_parts_have_none_either() -> None:
    """
    They are left out before a request is split, so that no part is nothing but blank.
    """
    target = FakeReranker(known=Profile(Limits(documents=2)), score=len)

    answer = run(rerank_with(a=target), request_of(["", "", *MIXED], model="a/m", top_n=4))

    assert sent_to(target) == [["the first", "the second"], ["the third"]]
    assert [index for index, _ in answer.ranking.results] == [5, 3, 6, 0]


def test_a_fused_ranking_has_them_last() -> None:
    """
    No member's places count for them.
    """
    answer = run(rerank_by({"all": fuse("a", "b")}, a=FakeReranker(), b=FakeReranker()), request_of(MIXED, model="all"))

    assert [index for index, _ in answer.ranking.results] == [1, 3, 4, 0, 2]
    assert [score for _, score in answer.ranking.results][3:] == [0.0, 0.0]


def test_nothing_but_blank_texts_is_answered_without_asking() -> None:
    """
    In their own order, at no cost, in the name of the first choice; nobody's time is needed.
    """
    target = FakeReranker()

    answer = run(rerank_with(a=target), request_of(["", " "], model="a/m", normalized=True), seconds=0.0)

    assert target.questions == []
    assert (answer.ranking.results, answer.ranking.kind) == (((0, 0.0), (1, 0.0)), "normalized")
    assert (answer.target, answer.attempts, answer.usage) == (Target("a", "m"), (), Usage(cost=0.0))
    assert answer.is_first_choice
