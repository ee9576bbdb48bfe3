"""Who is asked, and in which order."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.errors import UnknownModel
from rerank_gateway.domain.preferences import Preferences
from rerank_gateway.domain.request import WeightedModel
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import Stage, Strategy
from rerank_gateway.domain.target import Target
from tests.domain.plans import CHANCE, planned, unweighed
from tests.fakes import request

A, B, C, LOCAL = Target("a", "m"), Target("b", "m"), Target("c", "m/x"), Target("local", "bm25")
ROUTING = Routing(
    providers={"a", "b", "c", "local"},
    aliases={"both": Alias((A, B)), "safe": Alias((A,), last_resort=LOCAL)},
)


def test_an_alias_stands_for_its_targets_in_their_order() -> None:
    """
    The targets of an alias are asked as they are listed.
    """
    assert planned(request(model="both"), ROUTING) == (A, B)


def test_a_model_may_hold_slashes() -> None:
    """
    The provider ends at the first slash, since models of open weights have one of their own.
    """
    assert planned(request(model="c/m/x"), ROUTING) == (C,)


def test_fallbacks_follow_and_nobody_is_asked_twice() -> None:
    """
    A fallback that is already in the plan keeps its first place.
    """
    assert planned(request(model="b/m", fallbacks=("both", "c/m/x")), ROUTING) == (B, A, C)


def test_the_last_resort_comes_last() -> None:
    """
    The configured last resort stands behind the caller's own fallbacks.
    """
    assert planned(request(model="safe", fallbacks=("b/m",)), ROUTING) == (A, B, LOCAL)


def test_the_last_resort_of_the_stack_serves_models_without_their_own() -> None:
    """
    One line of configuration gives every model a last resort.
    """
    routing = Routing(ROUTING.providers, ROUTING.aliases, last_resort=C)

    assert planned(request(model="b/m"), routing) == (B, C)
    assert planned(request(model="safe"), routing) == (A, LOCAL)


@pytest.mark.parametrize(
    ("models", "model", "planned_targets"),
    [
        (("b/*",), "b/m", (B,)),
        (("b/*", "c/*"), "b/m", (B, C)),
        (("safe",), "safe", (A, LOCAL)),
        (("a/*",), "safe", (A,)),
        (("a/*", "local/*"), "safe", (A, LOCAL)),
    ],
)
def test_a_keys_models_bind_the_last_resort(
    models: tuple[str, ...], model: str, planned_targets: tuple[Target, ...]
) -> None:
    """
    An alias that is allowed by its name brings its own last resort; any other must be allowed itself.
    """
    routing = Routing(ROUTING.providers, ROUTING.aliases, last_resort=C)

    assert planned(request(model=model, allowed_models=models), routing) == planned_targets


def test_the_load_balancer_draws_by_weight() -> None:
    """
    Shares of the draws approach the weights, and a weight of 0 is never drawn.
    """
    load_balancer = (WeightedModel("a/m", 3.0), WeightedModel("b/m", 1.0), WeightedModel("c/m", 0.0))
    rng = Random(1)

    firsts = Counter(planned(request(model="a/m", load_balancer=load_balancer), ROUTING, rng)[0] for _ in range(4000))

    assert 2850 < firsts[A] < 3150
    assert firsts[A] + firsts[B] == 4000


@pytest.mark.parametrize("name", ["nowhere", "", "/", "a/", "/m", "nobody/m"])
def test_a_name_that_leads_nowhere_is_an_unknown_model(name: str) -> None:
    """
    Neither an alias nor a target of a known provider: the caller is told before anyone is asked.
    """
    with pytest.raises(UnknownModel):
        ROUTING.targets(name)


def test_targets_that_are_asked_in_the_same_manner_are_one_stage() -> None:
    """
    A last resort and the models before it share their time, and who is in trouble among them comes last.
    """
    (stage,) = ROUTING.plan(request(model="safe", fallbacks=("b/m",)), CHANCE, unweighed).stages

    assert (stage.targets, stage.strategy) == ((A, B, LOCAL), Strategy.FALLBACK)


@pytest.mark.parametrize("strategy", [Strategy.HEDGE, Strategy.FUSE])
def test_what_is_raced_or_fused_is_a_stage_of_its_own(strategy: Strategy) -> None:
    """
    Neither fallbacks nor a last resort are drawn into it, and a fallback may be an alias that has its own manner.
    """
    special = Alias((A, B), last_resort=LOCAL, strategy=strategy, hedge_after=0.5)
    routing = Routing(ROUTING.providers, {"special": special})

    first = routing.plan(request(model="special", fallbacks=("c/m/x",)), CHANCE, unweighed).stages
    second = routing.plan(request(model="c/m/x", fallbacks=("special",)), CHANCE, unweighed).stages

    assert first == (Stage((A, B), strategy, 0.5), Stage((C, LOCAL)))
    assert second == (Stage((C,)), Stage((A, B), strategy, 0.5))


def test_aliases_that_are_hedged_keep_their_own_pace() -> None:
    """
    A fallback that is slow after a second is not raced with those that are slow after half of one.
    """
    one, other = (
        Alias((A,), strategy=Strategy.HEDGE, hedge_after=0.5),
        Alias((B,), strategy=Strategy.HEDGE, hedge_after=1.0),
    )
    routing = Routing(ROUTING.providers, {"one": one, "other": other})

    assert routing.plan(request(model="one", fallbacks=("other",)), CHANCE, unweighed).stages == (
        Stage((A,), Strategy.HEDGE, 0.5),
        Stage((B,), Strategy.HEDGE, 1.0),
    )


@pytest.mark.parametrize("strategy", [Strategy.HEDGE, Strategy.FUSE])
def test_who_had_a_turn_is_not_asked_again_in_another_manner(strategy: Strategy) -> None:
    """
    A fused or hedged fallback goes on with those who are new, in its own manner.
    """
    routing = Routing(ROUTING.providers, {"special": Alias((A, B, C), strategy=strategy)})

    assert routing.plan(request(model="b/m", fallbacks=("special",)), CHANCE, unweighed).stages == (
        Stage((B,)),
        Stage((A, C), strategy),
    )


names = st.sampled_from(["one", "other", "a/m", "b/m", "c/m/x", "c/other", "local/bm25"])
targets = st.sampled_from([A, B, C, LOCAL])
aliases = st.builds(
    Alias,
    st.lists(targets, min_size=1, max_size=5).map(tuple),
    st.none() | targets,
    st.sampled_from(Strategy),
    st.just(0.5),
)


@given(
    model=names,
    fallbacks=st.lists(names, max_size=8).map(tuple),
    aliases=st.fixed_dictionaries({"one": aliases, "other": aliases}),
    last_resort=st.none() | targets,
    preferences=st.builds(Preferences, order=st.lists(st.sampled_from(["a", "b", "c/m/x"])).map(tuple)),
)
def test_no_plan_has_a_target_twice(
    model: str,
    fallbacks: tuple[str, ...],
    aliases: dict[str, Alias],
    last_resort: Target | None,
    preferences: Preferences,
) -> None:
    """
    However names overlap and in whatever manner they are asked, a target has one turn, and no stage is empty.
    """
    routing = Routing(ROUTING.providers, aliases, last_resort)
    asked = request(model=model, fallbacks=fallbacks, preferences=preferences)

    plan = routing.plan(asked, CHANCE, unweighed).stages

    turns = [target for stage in plan for target in stage.targets]
    assert len(set(turns)) == len(turns) >= 1
    assert all(stage.targets for stage in plan)
    assert set(turns) >= {target for name in (model, *fallbacks) for target in routing.targets(name)}
