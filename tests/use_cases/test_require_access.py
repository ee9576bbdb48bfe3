"""What nobody here can be asked is refused before it becomes a job."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import TargetMissing, Unavailable
from rerank_gateway.domain.preferences import Preferences
from rerank_gateway.domain.request import WeightedModel
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.use_cases.require_access import RequireAccess
from tests.fakes import FakeReranker, request
from tests.use_cases.routers import alias, target, targets


class Keyless(FakeReranker):
    def require_access(self, model: str) -> None:
        raise TargetMissing("no key")


class Unknown(FakeReranker):
    def require_access(self, model: str) -> None:
        raise Unavailable("the secret is out of reach")


RERANKERS = {"a": Keyless(), "b": Keyless(), "ready": FakeReranker(), "unknown": Unknown()}
ALIASES = {"none": alias("a", "b"), "some": alias("a", "ready")}


def require(asked: Any, last_resort: str | None = None) -> None:
    routing = Routing(tuple(RERANKERS), ALIASES, target(last_resort) if last_resort else None)
    RequireAccess(routing, RERANKERS.__getitem__)(asked)


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "some"},
        {"model": "a/m", "fallbacks": ("b/m", "ready/m")},
        {"model": "a/m", "fallbacks": ("unknown/m",)},
        {"load_balancer": (WeightedModel("a/m", 1.0), WeightedModel("ready/m", 1.0))},
        {"model": "some", "preferences": Preferences(allow_fallbacks=False, sort="price")},
    ],
)
def test_one_who_can_be_asked_is_enough(changes: dict[str, Any]) -> None:
    """
    So is one of whom nobody can tell at the moment, or who may turn out to be the cheapest.
    """
    require(request(**{"model": "a/m", **changes}))


def test_the_last_resort_counts() -> None:
    """
    It answers when nobody else can be asked.
    """
    require(request(model="none"), last_resort="ready")


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"model": "none", "fallbacks": ("a/n",)}, ["a/m", "b/m", "a/n"]),
        ({"model": "some", "preferences": Preferences(order=("a",), allow_fallbacks=False)}, ["a/m"]),
        ({"model": "some", "preferences": Preferences(ignore=("ready",))}, ["a/m"]),
    ],
)
def test_the_refusal_is_what_asking_them_would_come_to(changes: dict[str, Any], asked: list[str]) -> None:
    """
    Each is an attempt that failed, and the first speaks for all.
    """
    with pytest.raises(AllTargetsFailed, match="a/m: no key") as refused:
        require(request(**changes))

    assert targets(refused.value) == asked
    assert isinstance(refused.value.primary_error, TargetMissing)
