"""One ranking out of several, by reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.fusion import reciprocal_rank_fusion
from rerank_gateway.domain.ranking import Ranking
from tests.fakes import REQUEST, request_of


def ranking(*best_first: int) -> Ranking:
    return Ranking(tuple((index, 1.0 - place / 10) for place, index in enumerate(best_first)))


def test_the_figures_are_those_of_reciprocal_rank_fusion() -> None:
    """
    A document that is third in one ranking and first in another has 1/63 + 1/61, whatever its scores were.
    """
    found = reciprocal_rank_fusion(REQUEST, [ranking(2, 0, 1), ranking(0, 1, 2)])

    assert found.kind == "rrf"
    assert [index for index, _ in found.results] == [0, 2, 1]
    assert [score for _, score in found.results] == [
        pytest.approx(1 / 62 + 1 / 61),
        pytest.approx(1 / 61 + 1 / 63),
        pytest.approx(1 / 63 + 1 / 62),
    ]


def test_ties_go_to_the_earlier_document() -> None:
    """
    Two who contradict each other completely leave the order of the request.
    """
    found = reciprocal_rank_fusion(REQUEST, [ranking(2, 1, 0), ranking(0, 1, 2)])

    assert [index for index, _ in found.results] == [0, 2, 1]


def test_one_ranking_keeps_its_order() -> None:
    """
    There may be but one left.
    """
    assert [index for index, _ in reciprocal_rank_fusion(REQUEST, [ranking(1, 2, 0)]).results] == [1, 2, 0]


orders = st.integers(1, 12).flatmap(
    lambda documents: st.lists(st.permutations(range(documents)), min_size=1, max_size=8)
)


@given(orders=orders, seed=st.integers(), top_n=st.none() | st.integers(1, 15))
def test_the_order_of_the_members_does_not_matter(
    orders: Sequence[Sequence[int]], seed: int, top_n: int | None
) -> None:
    """
    However an alias lists its targets, its answer is the same to the last bit, and as long as was wanted.
    """
    asked = request_of(["d"] * len(orders[0]), top_n=top_n)
    rankings = [ranking(*order) for order in orders]

    found = reciprocal_rank_fusion(asked, rankings)

    assert found == reciprocal_rank_fusion(asked, Random(seed).sample(rankings, len(rankings)))
    assert len(found.results) == asked.result_count


@given(orders=orders)
def test_who_is_before_another_in_all_rankings_is_before_it_in_the_end(orders: Sequence[Sequence[int]]) -> None:
    """
    What everyone agrees on holds.
    """
    asked = request_of(["d"] * len(orders[0]))

    found = [index for index, _ in reciprocal_rank_fusion(asked, [ranking(*order) for order in orders]).results]

    places = [{index: place for place, index in enumerate(order)} for order in orders]
    assert all(
        found.index(one) < found.index(other)
        for one in found
        for other in found
        if all(place[one] < place[other] for place in places)
    )
