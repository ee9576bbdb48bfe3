"""Who is asked, and in which order."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.errors import UnknownModel
from rerank_gateway.domain.request import RerankRequest, Weighted
from rerank_gateway.domain.routing import Alias, Routing
from rerank_gateway.domain.target import Target
from tests.fakes import request

A, B, C, LOCAL = Target("a", "m"), Target("b", "m"), Target("c", "m/x"), Target("local", "bm25")
ROUTING = Routing(
    providers={"a", "b", "c", "local"},
    aliases={"both": Alias((A, B)), "safe": Alias((A,), last_resort=LOCAL)},
)
CHANCE = Random(7)


def unweighed(_: Target) -> float:
    return 0.0


def planned(request: RerankRequest, routing: Routing = ROUTING, chance: Random = CHANCE) -> tuple[Target, ...]:
    """Everyone in the plan for *request*, in order."""
    return tuple(target for stage in routing.plan(request, chance, unweighed) for target in stage.targets)


def test_an_alias_stands_for_its_targets_in_their_order() -> None:
    """
    The targets of an alias are asked as they are listed.
    """
    assert planned(request(model="both")) == (A, B)


def test_a_model_may_hold_slashes() -> None:
    """
    The provider ends at the first slash, since models of open weights have one of their own.
    """
    assert planned(request(model="c/m/x")) == (C,)


def test_fallbacks_follow_and_nobody_is_asked_twice() -> None:
    """
    A fallback that is already in the plan keeps its first place.
    """
    assert planned(request(model="b/m", fallbacks=("both", "c/m/x"))) == (B, A, C)


def test_the_last_resort_comes_last() -> None:
    """
    The configured last resort stands behind the caller's own fallbacks.
    """
    assert planned(request(model="safe", fallbacks=("b/m",))) == (A, B, LOCAL)


def test_the_last_resort_of_the_stack_serves_models_without_their_own() -> None:
    """
    One line of configuration gives every model a last resort.
    """
    routing = Routing(ROUTING.providers, ROUTING.aliases, last_resort=C)

    assert planned(request(model="b/m"), routing) == (B, C)
    assert planned(request(model="safe"), routing) == (A, LOCAL)


def test_the_load_balancer_draws_by_weight() -> None:
    """
    Shares of the draws approach the weights, and a weight of 0 is never drawn.
    """
    balance = (Weighted("a/m", 3.0), Weighted("b/m", 1.0), Weighted("c/m", 0.0))
    chance = Random(1)

    firsts = Counter(planned(request(model="a/m", balance=balance), chance=chance)[0] for _ in range(4000))

    assert 2850 < firsts[A] < 3150
    assert firsts[A] + firsts[B] == 4000


@pytest.mark.parametrize("name", ["nowhere", "", "/", "a/", "/m", "nobody/m"])
def test_a_name_that_leads_nowhere_is_an_unknown_model(name: str) -> None:
    """
    Neither an alias nor a target of a known provider: the caller is told before anyone is asked.
    """
    with pytest.raises(UnknownModel):
        ROUTING.targets(name)


names = st.sampled_from(["both", "safe", "a/m", "b/m", "c/m/x", "c/other", "local/bm25"])


@given(model=names, fallbacks=st.lists(names, max_size=8).map(tuple))
def test_no_plan_has_a_target_twice(model: str, fallbacks: tuple[str, ...]) -> None:
    """
    However names overlap, a target has one turn.
    """
    plan = planned(request(model=model, fallbacks=fallbacks))

    assert len(set(plan)) == len(plan) >= 1
