"""Nobody goes on asking for what nobody wants any more; with real threads, as only they can be left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from threading import Event
from typing import Any, TypeVar

import pytest

from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.system.threads import ThreadExecutor
from rerank_gateway.domain.answer import Answer, ProviderScores
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetRefused
from rerank_gateway.domain.ports import Reranker, Task
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import Strategy
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.rerank import Rerank
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from tests.fakes import NOTHING_SPECIAL, request_of, within
from tests.use_cases.routers import alias, hedge, raise_bug

T = TypeVar("T")
LONG = 30.0


class Pausing(SystemClock):
    """Tells when somebody wants to pause, and lets the pause end when the test does."""

    def __init__(self) -> None:
        super().__init__()
        self.paused, self.over = Event(), Event()

    def sleep(self, seconds: float) -> None:
        self.paused.set()
        self.over.wait(LONG)


@dataclass
class Remembering(ThreadExecutor):
    """Knows all that was ever started."""

    tasks: list[Task[Any]] = field(default_factory=list)

    def start(self, work: Callable[[], T], /) -> Task[T]:
        task = super().start(work)
        self.tasks.append(task)

        return task


@dataclass
class Says(Reranker):
    """Fails as *says* has it, by the first text of a question, or ranks; after *waits_for*, if that is anything."""

    says: Mapping[str, TargetError]
    waits_for: Event | None = None
    known: Profile = NOTHING_SPECIAL
    asked: list[str] = field(default_factory=list)

    def profile(self, model: str) -> Profile:
        return self.known

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        text = request.texts[0]
        self.asked.append(text)
        error = self.says.get(text)
        if self.waits_for and not isinstance(error, TargetBusy):
            self.waits_for.wait(LONG)
        if error:
            raise error

        return ProviderScores([(index, 0.5) for index in range(len(request.texts))], Usage())


def run(clock: Pausing, asked: RerankRequest, aliases: Mapping[str, Alias], **rerankers: Reranker) -> Answer:
    """The answer, once everyone has stopped who is at work for it."""
    executor = Remembering()
    ask = AskTarget(rerankers.__getitem__, clock, Random(0), executor, CircuitBreaker(clock), raise_bug)
    answer = Rerank(Routing(tuple(rerankers), aliases), ask)(asked, within(LONG, clock))
    clock.over.set()
    for task in executor.tasks:
        executor.wait([task], within(LONG, clock))

    return answer


def test_who_was_overtaken_is_not_asked_again() -> None:
    """
    A pause that ends after the answer is there is followed by nothing.
    """
    clock = Pausing()
    busy, ready = Says({"a": TargetBusy("429")}), Says({}, waits_for=clock.paused)

    answer = run(
        clock,
        request_of(["a"], model="x", retry=RetryPolicy(5)),
        {"x": hedge("a", "b", after=0.001)},
        a=busy,
        b=ready,
    )

    assert str(answer.target) == "b/m"
    assert busy.asked == ["a"]


def test_the_other_parts_are_not_asked_again_once_one_has_failed() -> None:
    """
    Their rankings would be of no use.
    """
    clock = Pausing()
    parts = Says(
        {"a": TargetBusy("429"), "b": TargetRefused("400")},
        waits_for=clock.paused,
        known=Profile(Limits(documents=1)),
    )

    answer = run(
        clock, request_of(["a", "b"], model="a/m", fallbacks=("c/m",), retry=RetryPolicy(5)), {}, a=parts, c=Says({})
    )

    assert str(answer.target) == "c/m"
    assert sorted(parts.asked) == ["a", "b"]


@dataclass
class Waiting(Reranker):
    """Answers when its deadline is over, and then says how it was told."""

    ended: Event = field(default_factory=Event)

    def profile(self, model: str) -> Profile:
        return NOTHING_SPECIAL

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        told = Event()
        with deadline.aborting(told.set):
            told.wait(LONG)
        if deadline.is_over:
            self.ended.set()

        raise TargetRefused("nobody hears this")


@pytest.mark.parametrize(
    "both",
    [hedge("a", "b", after=0.001), alias("a", "b", strategy=Strategy.FUSE, fuse_wait=0.001)],
    ids=["hedged", "fused"],
)
def test_a_call_that_was_overtaken_ends(both: Alias) -> None:
    """
    Its deadline is over at once, whatever time there was: its connection is closed, and its thread goes home.
    """
    hung = Waiting()

    answer = run(Pausing(), request_of(["a"], model="x"), {"x": both}, a=hung, b=Says({}))

    assert str(answer.target) == "b/m"
    assert hung.ended.is_set()


def test_the_other_parts_end_once_one_has_failed() -> None:
    """
    Nobody waits for them.
    """
    hung = Waiting()

    @dataclass
    class OneHangs(Says):
        def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
            if request.texts == ["a"]:
                return hung.rerank(request, model, deadline)

            return super().rerank(request, model, deadline)

    parts = OneHangs({"b": TargetRefused("400")}, known=Profile(Limits(documents=1)))
    asked = request_of(["a", "b"], model="a/m", fallbacks=("c/m",))

    answer = run(Pausing(), asked, {}, a=parts, c=Says({}))

    assert str(answer.target) == "c/m"
    assert hung.ended.is_set()
