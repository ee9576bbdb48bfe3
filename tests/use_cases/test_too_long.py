"""One document too long never costs the ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetRefused, TooLong
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.request import RerankRequest
from tests.fakes import FakeReranker, request_of
from tests.use_cases.routers import fuse, rerank_by, rerank_with, run, tried

LONG = "x" * 10_000
ASKED = request_of(["a", LONG, "c"], model="a/m")


def refusal(told: TooLong | None = None) -> TargetRefused:
    error = TargetRefused("too long")
    error.too_long = told or TooLong()

    return error


@dataclass
class Narrow(FakeReranker):
    """Refuses texts of more than *width* characters."""

    width: int = 2_000

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        if max(map(len, request.texts)) > self.width:
            self.questions.append(request)
            raise refusal()

        return super().rerank(request, model, deadline)


def sizes(reranker: FakeReranker) -> list[list[int]]:
    return [[len(text) for text in question.texts] for question in reranker.questions]


def test_a_refused_request_is_asked_once_more_with_shorter_texts() -> None:
    """
    The documents keep their places, and the answer tells which of them was truncated.
    """
    narrow = Narrow()

    answer = run(rerank_with(a=narrow), ASKED)

    assert sizes(narrow) == [[1, 10_000, 1], [1, 448 * 3 - 10, 1]]
    assert [index for index, _ in answer.ranking.results] == [0, 1, 2]
    assert tried(answer) == [("a", 400), ("a", 200)]
    assert answer.truncated == {1}


def test_twice_is_not_tried() -> None:
    """
    The next target is asked instead.
    """
    narrow = Narrow(width=10)

    answer = run(rerank_with(a=narrow, b=FakeReranker()), request_of(["a", LONG], model="a/m", fallbacks=("b/m",)))

    assert tried(answer) == [("a", 400), ("a", 400), ("b", 200)]
    assert answer.truncated == frozenset()


def test_who_wants_nothing_truncated_gets_the_refusal() -> None:
    """
    The provider's own, after one try.
    """
    with pytest.raises(AllTargetsFailed) as refused:
        run(rerank_with(a=Narrow()), request_of([LONG], model="a/m", truncate="none"))

    assert tried(refused.value) == [("a", 400)]


def test_only_the_part_that_was_refused_is_asked_again() -> None:
    """
    The other parts' rankings count as they came.
    """
    narrow = Narrow(known=Profile(Limits(documents=2)), score=len)

    answer = run(rerank_with(a=narrow), request_of(["a", "b", "", "c", LONG, "d"], model="a/m"))

    assert sizes(narrow) == [[1, 1], [1, 10_000], [1, 448 * 3 - 10], [1]]
    assert answer.ranking.results[0][0] == 4
    assert answer.truncated == {4}


def test_a_fused_ranking_tells_what_any_of_its_members_truncated() -> None:
    """
    As each of them counts.
    """
    rerank = rerank_by({"all": fuse("a", "b")}, a=Narrow(), b=FakeReranker())

    answer = run(rerank, request_of(["a", LONG], model="all"))

    assert answer.truncated == {1}
    assert answer.is_first_choice


@pytest.mark.parametrize(
    ("changes", "truncated"),
    [({}, {1}), ({"max_tokens_per_doc": 100}, frozenset()), ({"max_tokens_per_doc": 2_000}, {1})],
    ids=["nobody asked", "the caller asked", "the caller asked for more"],
)
def test_what_is_truncated_beforehand_is_told_too(changes: dict[str, Any], truncated: set[int]) -> None:
    """
    Unless the caller wanted it so.
    """
    target = FakeReranker(known=Profile(Limits(length=500)))

    answer = run(rerank_with(a=target), request_of(["a", LONG], model="a/m", **changes))

    assert len(target.questions) == 1
    assert answer.truncated == truncated
