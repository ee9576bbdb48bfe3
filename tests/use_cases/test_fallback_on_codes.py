"""Failures that a request does not fall back on."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import TargetBusy, TargetRefused
from rerank_gateway.domain.request import RerankRequest
from tests.fakes import FakeClock, FakeReranker, request
from tests.use_cases.routers import alias, fuse, hedge, rerank_by, run, tried

ALIASES = {
    "in turn": alias("a", "b", last_resort="spare"),
    "hedged": hedge("a", "b", after=5.0, last_resort="spare"),
    "fused": fuse("a", "b", last_resort="spare"),
}


def asked(model: str) -> RerankRequest:
    return request(model=model, fallback_on_codes=frozenset({429}))


@pytest.mark.parametrize("model", ["in turn", "hedged"])
def test_any_other_failure_ends_the_request(model: str) -> None:
    """
    Neither the next target nor the last resort is asked.
    """
    refusing, others = FakeReranker([TargetRefused("no")]), FakeReranker()
    rerank = rerank_by(ALIASES, FakeClock(), a=refusing, b=others, spare=others)

    with pytest.raises(AllTargetsFailed) as ended:
        run(rerank, asked(model))

    assert tried(ended.value) == [("a", 400)]
    assert others.questions == []


def test_one_of_several_at_once_is_enough_to_end_it() -> None:
    """
    A fusion that nobody took part in goes on to the last resort only where all failures allow that.
    """
    spare = FakeReranker()
    rerank = rerank_by(
        ALIASES, a=FakeReranker([TargetBusy("later")]), b=FakeReranker([TargetRefused("no")]), spare=spare
    )

    with pytest.raises(AllTargetsFailed) as ended:
        run(rerank, asked("fused"))

    assert ended.value.message == "b/m: no"
    assert spare.questions == []


@pytest.mark.parametrize("model", ALIASES)
def test_a_failure_that_is_named_falls_back(model: str) -> None:
    """
    As every failure does where none are named.
    """
    busy = [FakeReranker([TargetBusy("later")]) for _ in "ab"]
    rerank = rerank_by(ALIASES, FakeClock(), a=busy[0], b=busy[1], spare=FakeReranker())

    assert tried(run(rerank, asked(model))) == [("a", 429), ("b", 429), ("spare", 200)]


def test_a_member_that_fails_does_not_end_a_fusion_that_has_others() -> None:
    """
    There is a ranking, so there is nothing to fall back from.
    """
    rerank = rerank_by(ALIASES, a=FakeReranker([TargetRefused("no")]), b=FakeReranker(), spare=FakeReranker())

    assert tried(run(rerank, asked("fused"))) == [("a", 400), ("b", 200)]
