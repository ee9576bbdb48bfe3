"""Requests that are too large for one question."""

from __future__ import annotations

from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetFailed, TargetRefused
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.domain.usage import Usage
from tests.fakes import FakeClock, FakeReranker, request_of
from tests.use_cases.routers import rerank_with, run, tried

THREE_AT_A_TIME = Profile(Limits(documents=3))
TEXTS = [f"{number:02}" for number in range(8)]
ASKED = request_of(TEXTS, model="a/m")


def small(
    clock: FakeClock | None = None, failures: list[TargetError] | None = None, seconds: float = 0.0
) -> FakeReranker:
    """A target that takes three documents at a time, and prefers those with the higher numbers."""
    return FakeReranker(failures or [], clock or FakeClock(), seconds, known=THREE_AT_A_TIME, score=float)


def asked_of(reranker: FakeReranker) -> list[str]:
    return [" ".join(question.texts) for question in reranker.questions]


def test_the_parts_are_asked_side_by_side_and_make_one_ranking() -> None:
    """
    It is the ranking of all documents, in the time of one question, and one attempt that says how many parts it had.
    """
    clock = FakeClock(0.0)
    target = small(clock, seconds=1.0)

    answer = run(rerank_with(clock, a=target), ASKED)

    assert asked_of(target) == ["00 01 02", "03 04 05", "06 07"]
    assert [index for index, _ in answer.ranking.results] == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [(attempt.status_code, attempt.parts, attempt.latency) for attempt in answer.attempts] == [(200, 3, 1.0)]
    assert clock.now() == 1.0


def test_usage_and_cost_add_up() -> None:
    """
    Every part was paid for.
    """
    target = FakeReranker(known=THREE_AT_A_TIME, usage=Usage(total_tokens=7, search_units=1, cost=0.25))

    answer = run(rerank_with(a=target), ASKED)

    assert answer.usage == Usage(total_tokens=21, search_units=3, cost=0.75)


def test_a_small_request_takes_one_question() -> None:
    """
    Nothing is split that fits.
    """
    target = small()

    answer = run(rerank_with(a=target), request_of(TEXTS[:3], model="a/m"))

    assert asked_of(target) == ["00 01 02"]
    assert [attempt.parts for attempt in answer.attempts] == [1]


def test_at_most_eight_parts_are_under_way() -> None:
    """
    A request with many documents does not stampede its target.
    """
    clock = FakeClock(0.0)
    one_at_a_time = FakeReranker(clock=clock, seconds=1.0, known=Profile(Limits(documents=1)))
    rerank = rerank_with(clock, a=one_at_a_time)

    run(rerank, request_of(TEXTS * 3, model="a/m"))

    assert len(one_at_a_time.questions) == 24
    assert rerank.ask.executor.most == 8  # type: ignore[attr-defined]  # it is a FakeExecutor
    assert clock.now() == 3.0


def test_a_failed_part_is_asked_again_alone() -> None:
    """
    Whatever the request says of retries: the other parts' answers would be lost without it.
    """
    clock = FakeClock()
    target = small(clock, [TargetBusy("429")])

    answer = run(rerank_with(clock, a=target), ASKED)

    assert asked_of(target) == ["00 01 02", "00 01 02", "03 04 05", "06 07"]
    assert [(attempt.status_code, attempt.parts) for attempt in answer.attempts] == [(429, 1), (200, 3)]
    assert len(answer.ranking.results) == 8


def test_a_part_that_fails_twice_fails_the_attempt() -> None:
    """
    No more parts are started, and the next target is asked for all of it.
    """
    texts = [str(number) for number in range(24)]
    many, whole = FakeReranker(repeat(TargetFailed("down")), known=Profile(Limits(documents=1))), FakeReranker()

    answer = run(rerank_with(a=many, b=whole), request_of(texts, model="a/m", fallbacks=("b/m",)))

    assert sorted(asked_of(many)) == sorted(texts[:8] * 2)
    assert asked_of(whole) == [" ".join(texts)]
    assert str(answer.target) == "b/m"


def test_a_part_is_retried_as_often_as_the_request_says() -> None:
    """
    And no code is retried that the request does not list.
    """
    target, other = small(failures=[TargetFailed("500")] * 3), small(failures=[TargetFailed("500")])

    answer = run(rerank_with(a=target), request_of(TEXTS, model="a/m", retry=RetryPolicy(3)))
    with pytest.raises(AllTargetsFailed):
        run(rerank_with(a=other), request_of(TEXTS, model="a/m", retry=RetryPolicy(3, frozenset({429}))))

    assert tried(answer) == [("a", 502)] * 3 + [("a", 200)]


def test_a_part_that_is_silent_fails_the_attempt_in_time() -> None:
    """
    The next target has its share of the time nevertheless.
    """
    clock = FakeClock(0.0)
    ready = FakeReranker(clock=clock)
    rerank = rerank_with(clock, a=small(clock, seconds=99.0), b=ready)

    answer = run(rerank, request_of(TEXTS, model="a/m", fallbacks=("b/m",)), seconds=8.0)

    assert str(answer.target) == "b/m"
    assert ready.timeouts == [4.0]
    assert {attempt.status_code for attempt in answer.attempts[:-1]} == {504}


def test_a_model_that_compares_documents_refuses_what_is_too_much() -> None:
    """
    A 400 that names the limit, without asking anyone.
    """
    listwise = FakeReranker(known=Profile(Limits(documents=3), pointwise=False))

    with pytest.raises(AllTargetsFailed, match="at most 3 of them at once") as refused:
        run(rerank_with(a=listwise), ASKED)

    assert isinstance(refused.value.primary_error, TargetRefused)
    assert tried(refused.value) == [("a", 400)]
    assert listwise.questions == []


def test_a_model_that_compares_documents_leaves_them_to_the_next() -> None:
    """
    A fallback may be able to take them all.
    """
    listwise = FakeReranker(known=Profile(Limits(documents=3), pointwise=False))

    answer = run(rerank_with(a=listwise, b=small()), request_of(TEXTS, model="a/m", fallbacks=("b/m",)))

    assert tried(answer) == [("a", 400), ("b", 200)]


def test_texts_are_cut_before_they_are_counted() -> None:
    """
    What a target does not take in one text does not become more parts, and the caller's documents stay whole.
    """
    target = FakeReranker(known=Profile(Limits(size=20, length=4)))

    run(rerank_with(a=target), request_of(["0123456789"] * 2, query="q", model="a/m"))

    assert asked_of(target) == ["0123 0123"]
    assert list(target.questions[0].documents) == ["0123456789"] * 2


def test_who_wants_nothing_cut_is_refused() -> None:
    """
    Nobody is asked, as the target could only say the same.
    """
    target = FakeReranker(known=Profile(Limits(length=4)))

    with pytest.raises(AllTargetsFailed) as refused:
        run(rerank_with(a=target), request_of(["0123456789"], model="a/m", truncate="none"))

    assert tried(refused.value) == [("a", 400)]
    assert target.questions == []


class Scoring(FakeReranker):
    """Finds for each text the number that it is, and thinks of its images as one more."""

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        self.questions.append(request)

        return ProviderScores(
            [(i, float(text) + (i in request.images)) for i, text in enumerate(request.texts)], Usage()
        )


@given(
    numbers=st.lists(st.integers(-3, 3), min_size=1, max_size=30),
    images=st.sets(st.integers(0, 29)),
    limits=st.builds(Limits, documents=st.none() | st.integers(1, 9), size=st.none() | st.integers(1, 60)),
    top_n=st.none() | st.integers(1, 40),
    normalized=st.booleans(),
)
def test_nobody_can_tell_that_a_request_was_split(
    numbers: list[int], images: set[int], limits: Limits, top_n: int | None, normalized: bool
) -> None:
    """
    Ties, images, top_n, the kind of the scores: all as if there were no limit.
    """
    asked = request_of(
        [str(number) for number in numbers],
        model="a/m",
        images={index: "x" for index in images if index < len(numbers)},
        top_n=top_n,
        normalized=normalized,
    )

    whole, split = (run(rerank_with(a=Scoring(known=Profile(limit))), asked) for limit in (Limits(), limits))

    assert split.ranking == whole.ranking
