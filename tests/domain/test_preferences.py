"""Whom a caller would rather have."""

from __future__ import annotations

from math import inf

import pytest

from rerank_gateway.domain.errors import InvalidRequest, NoTargetLeft
from rerank_gateway.domain.preferences import Preferences
from rerank_gateway.domain.request import WeightedModel
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import Strategy
from rerank_gateway.domain.target import Target
from tests.domain.plans import CHANCE, planned, unweighed
from tests.fakes import request

COHERE, JINA, LOCAL = Target("cohere", "Rerank-v3.5"), Target("jina", "m"), Target("local", "bm25")
OTHER = Target("cohere", "rerank-v4")
ALL = (COHERE, JINA, OTHER)
ROUTING = Routing(
    providers={"cohere", "jina", "local"},
    aliases={"default": Alias(ALL, last_resort=LOCAL), "fused": Alias(ALL, strategy=Strategy.FUSE)},
)


@pytest.mark.parametrize(
    ("preferences", "expected"),
    [
        (Preferences(), ALL),
        (Preferences(order=("jina",)), (JINA, COHERE, OTHER)),
        (Preferences(order=("cohere/rerank-v4", "jina")), (OTHER, JINA, COHERE)),
        (Preferences(order=("cohere/rerank-v3.5",)), ALL),
        (Preferences(order=("nobody", "jina")), (JINA, COHERE, OTHER)),
        (Preferences(only=("cohere",)), (COHERE, OTHER)),
        (Preferences(only=("jina", "cohere/rerank-v4")), (JINA, OTHER)),
        (Preferences(ignore=("cohere",)), (JINA,)),
        (Preferences(ignore=("cohere/rerank-v3.5",)), (JINA, OTHER)),
        (Preferences(only=("cohere",), ignore=("cohere/rerank-v4",)), (COHERE,)),
        (Preferences(only=("cohere",), order=("jina", "cohere/rerank-v4")), (OTHER, COHERE)),
    ],
)
def test_targets_are_chosen_by_provider_or_by_name(preferences: Preferences, expected: tuple[Target, ...]) -> None:
    """
    `order` brings forward, `only` and `ignore` leave out; the rest keeps the operator's order.
    """
    assert preferences.select(ALL) == expected


def test_the_lightest_comes_first_where_they_are_sorted() -> None:
    """
    What nobody knows comes last, and ties keep the operator's order.
    """
    weights = {COHERE: inf, JINA: 0.2, OTHER: 0.1}

    assert Preferences(sort="price").sorted(ALL, weights.__getitem__) == (OTHER, JINA, COHERE)
    assert Preferences(sort="price").sorted(ALL, unweighed) == ALL
    assert Preferences().sorted(ALL, weights.__getitem__) == ALL


def test_order_counts_before_the_weight() -> None:
    """
    Those beside the order follow it by their weight.
    """
    weights = {COHERE: inf, JINA: 0.2, OTHER: 0.1}
    preferred = Preferences(sort="price", order=("jina",))

    assert preferred.select(preferred.sorted(ALL, weights.__getitem__)) == (JINA, OTHER, COHERE)


def test_fallbacks_follow_whom_the_caller_prefers() -> None:
    """
    Preferences choose among the alias's targets; what comes behind them stays.
    """
    asked = request(model="default", preferences=Preferences(order=("jina",)))

    assert planned(asked, ROUTING) == (JINA, COHERE, OTHER, LOCAL)


def test_a_last_resort_that_the_caller_does_not_want_is_none() -> None:
    """
    Documents go to nobody whom the caller ruled out.
    """
    ignoring = request(model="default", preferences=Preferences(ignore=("local",)))
    only = request(model="default", preferences=Preferences(only=("jina",)))

    assert planned(ignoring, ROUTING) == ALL
    assert planned(only, ROUTING) == (JINA,)


def test_whom_the_caller_does_not_want_is_no_fallback_either() -> None:
    """
    `only` and `ignore` bind the request's own fallbacks.
    """
    ignoring = request(model="cohere/x", fallbacks=("default", "jina/x"), preferences=Preferences(ignore=("jina",)))
    only = request(model="jina/x", fallbacks=("default", "cohere/x"), preferences=Preferences(only=("jina",)))

    assert planned(ignoring, ROUTING) == (Target("cohere", "x"), COHERE, OTHER)
    assert planned(only, ROUTING) == (Target("jina", "x"), JINA)


def test_an_order_without_fallbacks_is_a_list() -> None:
    """
    Exactly those are asked that it names, in turn, in whatever manner the alias asks its targets.
    """
    listed = Preferences(order=("jina", "cohere/rerank-v4"), allow_fallbacks=False)

    assert planned(request(model="default", fallbacks=("jina/x",), preferences=listed), ROUTING) == (JINA, OTHER)
    (stage,) = ROUTING.plan(request(model="fused", preferences=listed), CHANCE, unweighed).stages
    assert (stage.targets, stage.strategy) == ((JINA, OTHER), Strategy.FALLBACK)


def test_a_list_that_names_nobody_leaves_nobody() -> None:
    """
    There is no such target: the caller is told which field says so.
    """
    nobody = Preferences(order=("voyage",), allow_fallbacks=False)

    with pytest.raises(NoTargetLeft) as refused:
        ROUTING.require_targets(request(model="default", preferences=nobody))

    assert refused.value.param == "provider.order"


def test_without_fallbacks_there_is_one_target() -> None:
    """
    The first choice answers or nobody: neither another target of the alias, nor the request's own, nor a last resort.
    """
    asked = request(model="default", fallbacks=("jina/x",), preferences=Preferences(allow_fallbacks=False))

    assert planned(asked, ROUTING) == (COHERE,)


def test_a_fused_alias_without_fallbacks_is_its_first_target() -> None:
    """
    Its ranking stands as it is.
    """
    asked = request(model="fused", preferences=Preferences(order=("jina",), allow_fallbacks=False))

    (stage,) = ROUTING.plan(asked, CHANCE, unweighed).stages

    assert (stage.targets, stage.strategy) == ((JINA,), Strategy.FALLBACK)


@pytest.mark.parametrize("preferences", [Preferences(only=("voyage",)), Preferences(ignore=("cohere", "jina"))])
@pytest.mark.parametrize(
    "load_balancer", [(), (WeightedModel("local/bm25", 1.0), WeightedModel("default", 1.0))], ids=["one", "drawn"]
)
def test_preferences_that_leave_nobody_are_an_invalid_request(
    preferences: Preferences, load_balancer: tuple[WeightedModel, ...]
) -> None:
    """
    The caller is told which field to change, also where but one of the models that may be drawn is left without.
    """
    asked = request(model="default", load_balancer=load_balancer, preferences=preferences)

    with pytest.raises(InvalidRequest) as refused:
        ROUTING.require_targets(asked)

    assert refused.value.param == "provider"


def test_preferences_that_leave_somebody_are_fine() -> None:
    """
    Names that are not among the targets do no harm.
    """
    ROUTING.require_targets(request(model="default", preferences=Preferences(ignore=("cohere", "nobody"))))
