"""Our own mistakes at one target leave the others to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Alias
from rerank_gateway.use_cases.rerank import Rerank
from tests.fakes import FakeReranker, request
from tests.use_cases.routers import alias, fuse, hedge, rerank_by, run, target, tried

ASKED = request(model="x")


@dataclass
class Buggy(FakeReranker):
    """Breaks on every question, with an error that quotes it."""

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        raise OverflowError(f"year 99999999999 is out of range: {request.query}")


@dataclass
class UnknownToItself(FakeReranker):
    """Breaks before it is asked."""

    def profile(self, model: str) -> Profile:
        raise ZeroDivisionError


@dataclass
class Bugs:
    """The log of bugs."""

    logged: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def __call__(self, error: Exception, fields: Mapping[str, Any], /) -> None:
        self.logged.append((type(error).__name__, fields))


def logging_to(bugs: Bugs, rerank: Rerank) -> Rerank:
    return replace(rerank, ask=replace(rerank.ask, log_bug=bugs))


@pytest.mark.parametrize(
    "first",
    [alias("a", "b"), hedge("a", "b", after=1.0), fuse("a", "b")],
    ids=["fallback", "hedge", "fuse"],
)
@pytest.mark.parametrize(
    ("buggy", "name"),
    [
        (Buggy(), "OverflowError"),
        (Buggy(known=Profile(Limits(documents=1))), "OverflowError"),
        (UnknownToItself(), "ZeroDivisionError"),
    ],
    ids=["asked", "asked in parts", "unknown"],
)
def test_a_bug_at_one_target_is_that_targets_failure(first: Alias, buggy: FakeReranker, name: str) -> None:
    """
    The next one answers, and the operator's log has the error and the target.
    """
    bugs = Bugs()
    rerank = logging_to(bugs, rerank_by({"x": first}, a=buggy, b=FakeReranker()))

    answer = run(rerank, ASKED)

    assert tried(answer) == [("a", 502), ("b", 200)]
    assert bugs.logged == [(name, {"target": "a/m"})]


def test_a_bug_with_nobody_else_to_ask_quotes_nobody() -> None:
    """
    The caller learns that the gateway is to blame; the error's own words may be anybody's.
    """
    rerank = logging_to(Bugs(), rerank_by({"x": alias("a")}, a=Buggy()))

    with pytest.raises(AllTargetsFailed, match="the gateway failed") as failed:
        run(rerank, ASKED)

    assert ASKED.query not in failed.value.message
    assert failed.value.primary_error.code == "provider_failed"


def test_a_bug_of_ours_says_nothing_of_the_target() -> None:
    """
    One caller's strange question must not have it passed over for the others.
    """
    rerank = logging_to(Bugs(), rerank_by({"x": alias("a", "b")}, a=Buggy(), b=FakeReranker()))

    for _ in range(10):
        run(rerank, ASKED)

    assert rerank.ask.breaker.is_available(target("a"))
