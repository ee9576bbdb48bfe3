"""When two requests are the same question."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.cache_key import cache_key
from rerank_gateway.domain.constraints import Constraints, MaxPrice
from rerank_gateway.domain.preferences import Preferences
from rerank_gateway.domain.request import RerankRequest, WeightedModel
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import Strategy
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.trace import Trace
from tests.fakes import TEXTS, request

A, B = Target("a", "m"), Target("b", "m")
ROUTING = Routing({"a", "b"}, {"default": Alias((A, B))})
ASKED = request(model="default", cache_ttl=60)

MEANS_ANOTHER: dict[str, list[Any]] = {
    "model": ["a/m", "b/m"],
    "query": ["which one", "which one? ", ""],
    "texts": [TEXTS[:2], TEXTS[::-1], (*TEXTS, ""), ("the first", "the second", "the Third"), ("".join(TEXTS),)],
    "images": [{0: "https://a.example/a.png"}, {1: "https://a.example/a.png"}, {0: "https://a.example/b.png"}],
    "top_n": [1, 2],
    "max_tokens_per_doc": [1, 512],
    "default_max_tokens_per_doc": [1, 512],
    "truncate": ["none", "start", "end"],
    "instruction": ["", "rank by age"],
    "normalized": [True],
    "document_metadata": [("a", "b", "c"), ("a", "b", "d")],
    "fallbacks": [("a/m",), ("b/m",), ("a/m", "b/m"), ("b/m", "a/m")],
    "load_balancer": [
        (WeightedModel("a/m", 1.0),),
        (WeightedModel("a/m", 2.0),),
        (WeightedModel("a/m", 1.0), WeightedModel("b/m", 1.0)),
    ],
    "preferences": [
        Preferences(order=("a",)),
        Preferences(only=("a",)),
        Preferences(ignore=("a",)),
        Preferences(allow_fallbacks=False),
        Preferences(sort="price"),
        Preferences(sort="latency"),
        Preferences(constraints=Constraints(zdr=True)),
        Preferences(constraints=Constraints(max_price=MaxPrice(request=0.1))),
        Preferences(constraints=Constraints(max_price=MaxPrice(request=0.2))),
    ],
    "extra_body": [{"x": 1}, {"x": "1"}, {"x": None}, {"y": 1}, {"x": [1]}, {"x": {"y": 1}}],
}
MEANS_THE_SAME: dict[str, list[Any]] = {
    "documents": [[{"text": text, "id": 1} for text in TEXTS]],
    "top_n": [3, 100],
    "return_documents": [True],
    "priority": [1],
    "fallback_on_codes": [frozenset({429})],
    "attribution": [{"session_id": "s"}],
    "retry": [RetryPolicy(5), RetryPolicy(1, frozenset({503}))],
    "call_timeout": [1.0],
    "cache_ttl": [None, 1],
    "user": ["somebody"],
    "metadata": [{"team": "search"}],
    # Only answers of the first choice are kept, which the key allows.
    "allowed_models": [("a/*",)],
    "trace": [Trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")],
}


def key(owner: str = "team", routing: Routing = ROUTING, **changes: Any) -> str:
    return cache_key(request(**{"model": "default", "cache_ttl": 60, **changes}), owner, routing)


def test_every_field_of_a_request_is_either_meant_or_not() -> None:
    """
    Who adds a field decides here whether an answer that did not know it may stand for one that does.
    """
    assert {field.name for field in fields(RerankRequest)} == MEANS_ANOTHER.keys() | MEANS_THE_SAME.keys()


@pytest.mark.parametrize("field", MEANS_ANOTHER)
def test_what_changes_the_ranking_is_another_question(field: str) -> None:
    """
    No two values of such a field share an answer.
    """
    keys = [key(), *(key(**{field: value}) for value in MEANS_ANOTHER[field])]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("field", MEANS_THE_SAME)
def test_what_does_not_change_the_ranking_is_the_same_question(field: str) -> None:
    """
    How documents come back, how often a target is tried and on whose behalf need no new answer.
    """
    assert {key(**{field: value}) for value in MEANS_THE_SAME[field]} == {key()}


def test_every_owner_has_questions_of_their_own() -> None:
    """
    One team never gets what another was answered.
    """
    assert key("team") != key("another")


@pytest.mark.parametrize(
    "routing",
    [
        Routing({"a", "b"}, {"default": Alias((B, A))}),
        Routing({"a", "b"}, {"default": Alias((A,))}),
        Routing({"a", "b"}, {"default": Alias((A, B), strategy=Strategy.FUSE)}),
        Routing({"a", "b"}, {"default": Alias((A, B), last_resort=B)}),
        Routing({"a", "b"}, {"default": Alias((A, B))}, last_resort=B),
        Routing({"a", "b"}, {"default": Alias((A, B))}, providers_version="another server"),
    ],
)
def test_a_configuration_that_is_changed_asks_anew(routing: Routing) -> None:
    """
    An answer of the targets that were behind a name yesterday is not today's.
    """
    assert key(routing=routing) != key()


def test_the_order_of_extra_fields_does_not_matter() -> None:
    """
    JSON objects have none.
    """
    assert key(extra_body={"x": 1, "y": {"a": 1, "b": 2}}) == key(extra_body={"y": {"b": 2, "a": 1}, "x": 1})


def test_the_name_tells_nothing_of_the_question() -> None:
    """
    It is a digest of the same length for all, whatever stands in the request.
    """
    assert len(key(query="secret \ud800", extra_body={"x": float("nan")})) == 64
    assert set(key()) <= set("0123456789abcdef")


small = st.text('ab[],"', max_size=3)
questions = st.fixed_dictionaries(
    {
        "query": small,
        "texts": st.lists(small, min_size=1, max_size=3),
        "top_n": st.none() | st.integers(1, 4),
        "instruction": st.none() | small,
        "fallbacks": st.lists(st.sampled_from(["a/m", "b/m"]), max_size=2).map(tuple),
        "extra_body": st.dictionaries(small, st.none() | st.integers(0, 2) | small, max_size=2),
    }
)


@given(one=questions, other=questions, owners=st.tuples(small, small))
def test_two_questions_share_a_name_if_and_only_if_they_mean_the_same(
    one: dict[str, Any], other: dict[str, Any], owners: tuple[str, str]
) -> None:
    """
    However fields are made to look like each other, they are not taken for each other.
    """

    def meaning(changes: dict[str, Any], owner: str) -> Any:
        return {**changes, "top_n": request(**changes).result_count, "owner": owner}

    same = key(owners[0], **one) == key(owners[1], **other)

    assert same == (meaning(one, owners[0]) == meaning(other, owners[1]))
