"""The laws of `Ranking.of`."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.errors import BadReply
from rerank_gateway.domain.ranking import Ranking
from tests.fakes import REQUEST, request

finite = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)
scored = st.lists(finite, min_size=1, max_size=40).map(lambda scores: list(enumerate(scores)))


def asked(documents: int, top_n: int | None = None) -> Any:
    return request(documents=["d"] * documents, texts=["d"] * documents, top_n=top_n)


@given(scores=scored, top_n=st.none() | st.integers(1, 60))
def test_ranking_is_sorted_unique_in_range_and_as_long_as_wanted(
    scores: list[tuple[int, float]], top_n: int | None
) -> None:
    """
    Whatever the scores, the best come first, no document comes twice, and top_n is kept.
    """
    results = Ranking.of(asked(len(scores), top_n), scores).results

    values = [score for _, score in results]
    indices = [index for index, _ in results]
    assert values == sorted(values, reverse=True)
    assert len(set(indices)) == len(indices) == min(top_n or len(scores), len(scores))
    assert all(score == scores[index][1] for index, score in results)


@given(scores=scored, seed=st.integers())
def test_ranking_does_not_depend_on_the_order_of_the_reply(scores: list[tuple[int, float]], seed: int) -> None:
    """
    A provider may send its results in any order.
    """
    shuffled = Random(seed).sample(scores, len(scores))

    assert Ranking.of(asked(len(scores)), shuffled) == Ranking.of(asked(len(scores)), scores)


@given(scores=scored, top_n=st.integers(1, 40))
def test_a_cut_ranking_is_the_beginning_of_the_whole_one(scores: list[tuple[int, float]], top_n: int) -> None:
    """
    top_n cuts and changes nothing else.
    """
    cut = Ranking.of(asked(len(scores), top_n), scores).results

    assert cut == Ranking.of(asked(len(scores)), scores).results[: len(cut)]


def test_ties_go_to_the_earlier_document() -> None:
    """
    Equal scores rank in the order of the request, so that answers repeat.
    """
    ranking = Ranking.of(REQUEST, [(2, 0.5), (0, 0.5), (1, 0.9)])

    assert [index for index, _ in ranking.results] == [1, 0, 2]


@pytest.mark.parametrize(
    "scores",
    [
        pytest.param([(0, 0.1), (1, 0.2), (1, 0.3)], id="twice"),
        pytest.param([(0, 0.1), (1, 0.2)], id="one is missing"),
        pytest.param([], id="all are missing"),
        pytest.param([(0, 0.1), (1, 0.2), (3, 0.3)], id="beyond the last"),
        pytest.param([(0, 0.1), (1, 0.2), (-1, 0.3)], id="before the first"),
        pytest.param([(0, 0.1), (1, 0.2), ("2", 0.3)], id="index is a string"),
        pytest.param([(0, 0.1), (1, 0.2), (2.0, 0.3)], id="index is a float"),
        pytest.param([(0, 0.1), (True, 0.2), (2, 0.3)], id="index is a bool"),
        pytest.param([(0, 0.1), (None, 0.2), (2, 0.3)], id="index is null"),
        pytest.param([(0, 0.1), (1, float("nan")), (2, 0.3)], id="not a number"),
        pytest.param([(0, 0.1), (1, float("inf")), (2, 0.3)], id="infinite"),
        pytest.param([(0, 0.1), (1, 10**400), (2, 0.3)], id="beyond floats"),
        pytest.param([(0, 0.1), (1, "0.2"), (2, 0.3)], id="score is a string"),
        pytest.param([(0, 0.1), (1, True), (2, 0.3)], id="score is a bool"),
        pytest.param([(0, 0.1), (1, None), (2, 0.3)], id="score is null"),
    ],
)
def test_what_is_no_ranking_of_the_documents_is_a_bad_reply(scores: list[tuple[Any, Any]]) -> None:
    """
    A reply that would drop, invent or misjudge a document is refused.
    """
    with pytest.raises(BadReply):
        Ranking.of(REQUEST, scores)


def test_fewer_results_than_documents_are_enough_when_top_n_asked_for_fewer() -> None:
    """
    A provider may cut by itself.
    """
    ranking = Ranking.of(request(top_n=2), [(2, 0.9), (1, 0.8)])

    assert ranking.results == ((2, 0.9), (1, 0.8))


def test_ties_keep_the_order_of_a_provider_that_means_it() -> None:
    """
    Where scores are rounded, only the order tells which was better; no score is changed for it.
    """
    ranking = Ranking.of(REQUEST, [(2, 1.0), (0, 0.5), (1, 1.0)], ordered=True)

    assert ranking.results == ((2, 1.0), (1, 1.0), (0, 0.5))


@pytest.mark.parametrize(
    ("kind", "scores", "found", "normalized"),
    [
        ("probability", (1.0004, 0.5, -0.0001), "probability", [1.0, 0.5, 0.0]),
        ("probability", (1.7, 0.5, -0.3), "probability", [1.0, 0.5, 0.0]),
        ("logit", (0.9, 0.5, 0.0), "logit", [0.7109, 0.6225, 0.5]),
        ("unknown", (1.0004, 0.5, -0.0001), "probability", [1.0, 0.5, 0.0]),
        ("unknown", (2.0, 0.0, -2.0), "logit", [0.8808, 0.5, 0.1192]),
    ],
)
def test_scores_are_of_the_kind_that_the_provider_says(
    kind: Any, scores: tuple[float, ...], found: str, normalized: list[float]
) -> None:
    """
    A score that rounding has led out of the range turns no probability into a logit, or a threshold would mean
    something else from one request to the next. The numbers decide only where the description does not.
    """
    ranking = Ranking.of(REQUEST, enumerate(scores), kind)

    assert ranking.kind == found
    assert [score for _, score in ranking.results] == list(scores)
    assert [score for _, score in ranking.normalized().results] == pytest.approx(normalized, abs=1e-4)
