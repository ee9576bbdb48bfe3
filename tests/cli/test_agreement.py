"""How alike two models rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.evaluation.agreement import PERSISTENCE, rank_biased_overlap

RANKINGS = st.permutations([f"d{number}" for number in range(12)])


def test_rank_biased_overlap_counts_the_first_places_most() -> None:
    """
    Worked out by hand: two places that are exchanged agree from the second on, and so much is left of 1.
    """
    exchanged_first = rank_biased_overlap(["a", "b", "c", "d"], ["b", "a", "c", "d"])
    exchanged_last = rank_biased_overlap(["a", "b", "c", "d"], ["a", "b", "d", "c"])

    assert exchanged_first == pytest.approx(PERSISTENCE)
    assert exchanged_last == pytest.approx(1 - (1 - PERSISTENCE) * PERSISTENCE**2 / 3)


@given(RANKINGS, RANKINGS)
def test_rank_biased_overlap_has_its_bounds(ours: list[str], theirs: list[str]) -> None:
    """
    1 for the same order, less for any other, 0 for nothing in common, and the same from either side.
    """
    found = rank_biased_overlap(ours, theirs)

    assert found == pytest.approx(rank_biased_overlap(theirs, ours))
    assert found == pytest.approx(1.0) if ours == theirs else 0.0 < found < 1.0
    assert rank_biased_overlap(ours, [f"other {each}" for each in theirs]) == 0.0
