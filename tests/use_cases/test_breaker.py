"""Targets in trouble are passed over, as long as there is anybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import repeat
from math import inf

import pytest

from rerank_gateway.domain.answer import Answer, ProviderScores
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetFailed, TargetRefused
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Alias
from rerank_gateway.use_cases.rerank import Rerank
from tests.fakes import FakeClock, FakeReranker, request
from tests.use_cases.routers import alias, fuse, hedge, rerank_by, rerank_with, run, target, targets, tried

SAFE = {"safe": alias("a", last_resort="spare")}
ASKED = request(model="safe")
DOWN = TargetFailed("down")


def safe(clock: FakeClock, failures: list[TargetError]) -> Rerank:
    """`safe`: a model that fails so often before it answers, and a last resort."""
    return rerank_by(SAFE, clock, a=FakeReranker(failures), spare=FakeReranker())


def asked_often(rerank: Rerank, times: int, asked: RerankRequest = ASKED) -> Answer:
    """The last of so many answers."""
    return [run(rerank, asked) for _ in range(times)][-1]


def test_after_five_failures_in_a_row_a_target_is_passed_over() -> None:
    """
    Even a last resort comes before a target that is down: it costs nobody any time for half a minute.
    """
    clock = FakeClock()
    rerank = safe(clock, [DOWN] * 99)

    fifth, sixth = asked_often(rerank, 5), run(rerank, ASKED)
    clock.time += 29.9
    later = run(rerank, ASKED)

    assert targets(fifth) == ["a/m", "spare/m"]
    assert targets(sixth) == targets(later) == ["spare/m"]


def test_a_probe_that_is_answered_brings_the_target_back() -> None:
    """
    After half a minute one request tries it again, and everything is as it was before.
    """
    clock = FakeClock()
    rerank = safe(clock, [DOWN] * 5)
    asked_often(rerank, 5)

    clock.time += 30.0

    assert targets(run(rerank, ASKED)) == ["a/m"]
    assert targets(run(rerank, ASKED)) == ["a/m"]


def test_a_probe_that_fails_has_the_target_passed_over_again() -> None:
    """
    Only one request in half a minute pays for a target that stays down.
    """
    clock = FakeClock()
    rerank = safe(clock, [DOWN] * 99)
    asked_often(rerank, 5)

    clock.time += 30.0

    assert targets(run(rerank, ASKED)) == ["a/m", "spare/m"]
    assert targets(run(rerank, ASKED)) == ["spare/m"]


@dataclass
class Watched(FakeReranker):
    """Has something happen while it is asked, which others might do at the same time."""

    meanwhile: Callable[[], None] = lambda: None

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()

        return super().rerank(request, model, deadline)


def test_there_is_one_probe_at_a_time() -> None:
    """
    Who comes while a target is being tried again is not made to try it too.
    """
    clock, others = FakeClock(), list[Answer]()
    watched = Watched([DOWN] * 5)
    rerank = rerank_by(SAFE, clock, a=watched, spare=FakeReranker())
    asked_often(rerank, 5)
    clock.time += 30.0
    watched.meanwhile = lambda: others.append(run(rerank, ASKED))

    probe = run(rerank, ASKED)

    assert targets(probe) == ["a/m"]
    assert [targets(other) for other in others] == [["spare/m"]]


@pytest.mark.parametrize(("asked", "rests"), [(7.0, 7.0), (86_400.0, 300.0)])
def test_who_wants_to_be_left_alone_is_at_once_and_for_as_long(asked: float, rests: float) -> None:
    """
    A 429 with `Retry-After` holds for all requests that come after it, for five minutes at most.
    """
    clock = FakeClock()
    rerank = safe(clock, [TargetBusy("429", retry_after=asked)])
    run(rerank, ASKED)

    clock.time += rests - 0.1
    before = run(rerank, ASKED)
    clock.time += 0.1
    after = run(rerank, ASKED)

    assert targets(before) == ["spare/m"]
    assert targets(after) == ["a/m"]


def test_the_only_target_is_always_asked() -> None:
    """
    However often it fails, nobody is told that it was not even tried.
    """
    broken = FakeReranker(repeat(TargetBusy("429", retry_after=60.0)))
    rerank = rerank_with(a=broken)

    for _ in range(20):
        with pytest.raises(AllTargetsFailed):
            run(rerank, request(model="a/m"))

    assert len(broken.questions) == 20


def test_who_was_passed_over_is_asked_after_all_when_the_others_fail() -> None:
    """
    A target in trouble comes last, and it is there when it is needed.
    """
    spare = FakeReranker([DOWN] * 99)
    rerank = rerank_by(SAFE, a=FakeReranker([DOWN] * 5), spare=spare)
    for _ in range(5):
        with pytest.raises(AllTargetsFailed):
            run(rerank, ASKED)
    rerank.ask.breaker.record_success(alias("spare").targets[0], 0.1)

    answer = run(rerank, ASKED)

    assert tried(answer) == [("spare", 502), ("a", 200)]


def test_one_callers_tiny_time_limit_takes_no_target_from_the_others() -> None:
    """
    A target that needs half a second is fine, whatever somebody makes of a tenth.
    """
    clock = FakeClock()
    rerank = rerank_by(SAFE, clock, a=FakeReranker(clock=clock, seconds=0.5), spare=FakeReranker())

    hasty = asked_often(rerank, 10, request(model="safe", call_timeout=0.1))
    patient = run(rerank, ASKED)

    assert tried(hasty) == [("a", 504), ("spare", 200)]
    assert tried(patient) == [("a", 200)]


def test_a_request_counts_once_however_often_it_asks() -> None:
    """
    Three parts, each of which is tried twice, are six failures of one request: four such are no five.
    """
    split = FakeReranker([DOWN] * 99, known=Profile(Limits(documents=1)))
    rerank = rerank_by(SAFE, a=split, spare=FakeReranker())

    answers = [run(rerank, ASKED) for _ in range(6)]

    assert [targets(answer)[-2:] for answer in answers[:5]] == [["a/m", "spare/m"]] * 5
    assert targets(answers[5]) == ["spare/m"]


def test_who_was_overtaken_has_told_nothing() -> None:
    """
    Neither a failure nor a latency, whatever it would have come to.
    """
    clock = FakeClock()
    slow, fast = FakeReranker(clock=clock, seconds=2.0), FakeReranker(clock=clock, seconds=0.1)
    rerank = rerank_by({"fast": hedge("a", "b", after=0.5)}, clock, a=slow, b=fast)

    asked_often(rerank, 10, request(model="fast"))

    assert rerank.ask.breaker.is_available(target("a"))
    assert rerank.ask.breaker.latency(target("a")) == inf
    assert rerank.ask.breaker.latency(target("b")) == pytest.approx(0.1)


@pytest.mark.parametrize("both", [fuse("a", "b"), hedge("a", "b", after=1.0)], ids=["fused", "hedged"])
def test_who_gave_no_answer_in_all_the_time_there_was_counts(both: Alias) -> None:
    """
    Nobody overtook it, and nobody but the gateway was in a hurry.
    """
    clock = FakeClock()
    slow = {name: FakeReranker(clock=clock, seconds=99.0) for name in ("a", "b")}
    rerank = rerank_by({"both": both}, clock, **slow)

    for _ in range(5):
        with pytest.raises(AllTargetsFailed):
            run(rerank, request(model="both"))

    assert not rerank.ask.breaker.is_available(target("a"))


def test_bad_questions_take_no_target_from_the_others() -> None:
    """
    A 400 says nothing about who gives it.
    """
    rerank = safe(FakeClock(), [TargetRefused("400")] * 10)

    asked_often(rerank, 10)

    assert targets(run(rerank, ASKED)) == ["a/m"]


def test_a_fused_alias_leaves_a_sick_member_out() -> None:
    """
    Those who are well make the ranking, and nobody waits for the other one.
    """
    sick = FakeReranker([DOWN] * 99)
    rerank = rerank_by({"all": fuse("a", "b", "c")}, a=sick, b=FakeReranker(), c=FakeReranker())

    answer = asked_often(rerank, 6, request(model="all"))

    assert tried(answer) == [("b", 200), ("c", 200)]
    assert len(sick.questions) == 5


def test_a_hedged_alias_starts_with_who_is_well() -> None:
    """
    A sick target is only the hedge.
    """
    rerank = rerank_by({"fast": hedge("a", "b", after=1.0)}, a=FakeReranker([DOWN] * 99), b=FakeReranker())

    answer = asked_often(rerank, 6, request(model="fast"))

    assert targets(answer) == ["b/m"]


@pytest.mark.parametrize("first", [fuse("a", "b"), hedge("a", "b", after=1.0)], ids=["fused", "hedged"])
def test_targets_that_are_all_sick_come_last_together(first: Alias) -> None:
    """
    The caller's fallback has its turn before an alias whose targets are all down.
    """
    sick = {name: FakeReranker([DOWN] * 99) for name in ("a", "b")}
    rerank = rerank_by({"x": first}, **sick, c=FakeReranker())
    asked = request(model="x", fallbacks=("c/m",))

    before, after = asked_often(rerank, 5, asked), run(rerank, asked)

    assert targets(before) == ["a/m", "b/m", "c/m"]
    assert targets(after) == ["c/m"]
