"""What several answers used up together."""

from __future__ import annotations

from math import fsum

from rerank_gateway.domain.usage import Usage


def test_counters_add_up() -> None:
    """
    Who counts no search units used none.
    """
    both = Usage.total([Usage(3, 1, 4, search_units=2, cost=0.1), Usage(5, 0, 5, cost=0.2)])

    assert both == Usage(8, 1, 9, search_units=2, cost=fsum([0.1, 0.2]))


def test_a_cost_that_is_half_known_is_unknown() -> None:
    """
    A sum that leaves something out would pass for the whole.
    """
    assert Usage.total([Usage(cost=0.1), Usage()]).cost is None
    assert Usage.total([Usage(cost=0.0), Usage(cost=0.0)]).cost == 0.0
