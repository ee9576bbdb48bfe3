"""What is counted of comparisons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.shadows.agreement import overlap, rank_biased_overlap
from rerank_gateway.domain.shadows.counts import FAILURE, cost_per_1000, counts_of, latency, mean, total
from rerank_gateway.domain.shadows.question import Ranked

ORDERS = st.permutations(range(12)).map(tuple)
LATENCIES = st.lists(st.floats(0.001, 60), min_size=1, max_size=50)


@given(ORDERS, ORDERS)
def test_agreement_has_its_bounds(one: tuple[int, ...], other: tuple[int, ...]) -> None:
    """
    1 for the same order, less for any other, and the same from either side.
    """
    found = rank_biased_overlap(one, other)

    assert found == pytest.approx(rank_biased_overlap(other, one))
    assert found == pytest.approx(1.0) if one == other else 0.0 < found < 1.0
    assert rank_biased_overlap(one, tuple(each + 100 for each in other)) == overlap(one, (100, 101)) == 0.0


def test_first_places_count_most() -> None:
    """
    Worked out by hand from the definition, at p = 0.9.
    """
    exchanged_first = rank_biased_overlap((0, 1, 2, 3), (1, 0, 2, 3))
    exchanged_last = rank_biased_overlap((0, 1, 2, 3), (0, 1, 3, 2))

    assert exchanged_first == pytest.approx(0.9)
    assert exchanged_last == pytest.approx(1 - 0.1 * 0.81 / 3)


@given(LATENCIES, st.sampled_from([0.5, 0.95]))
def test_a_percentile_is_a_tenth_off_at_most(latencies: list[float], share: float) -> None:
    """
    Though no latency is kept, but only how many there were of each class.
    """
    parts = [counts_of(Ranked((0, 1), seconds, None), Ranked((0, 1), 1.0, None)) for seconds in latencies]

    exact = sorted(latencies)[-(-len(latencies) * round(share * 100) // 100) - 1] * 1000
    assert latency(total(parts), "model", share) == pytest.approx(exact, rel=0.1)


def test_what_nobody_knows_is_none() -> None:
    """
    A mean of nothing, and the cost where no answer had one; others do not count for those that had none.
    """
    priced = counts_of(Ranked((0, 1), 0.1, 0.002), Ranked((1, 0), 0.1, None))
    unpriced = counts_of(Ranked((0, 1), 0.1, None), Ranked((1, 0), 0.1, None))

    both = total([priced, unpriced, FAILURE])

    assert cost_per_1000(both, "model") == 2.0
    assert cost_per_1000(both, "shadow") is latency(FAILURE, "shadow", 0.5) is mean(FAILURE, "rbo") is None
    assert (both["compared"], both["failed"], mean(both, "top changed")) == (2, 1, 1.0)
