"""A router among fakes, on a clock that only moves when someone waits."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.routing.plan import Strategy
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.rerank import Rerank
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from tests.fakes import FakeClock, FakeExecutor, within


def target(provider: str) -> Target:
    return Target(provider, "m")


def alias(*providers: str, last_resort: str | None = None, **changes: Any) -> Alias:
    """One for a model of each of *providers*."""
    return Alias(tuple(map(target, providers)), target(last_resort) if last_resort else None, **changes)


def hedge(*providers: str, after: float, last_resort: str | None = None) -> Alias:
    return alias(*providers, last_resort=last_resort, strategy=Strategy.HEDGE, hedge_after=after)


def fuse(*providers: str, last_resort: str | None = None) -> Alias:
    return alias(*providers, last_resort=last_resort, strategy=Strategy.FUSE)


def raise_bug(error: Exception, _: Mapping[str, Any]) -> None:
    """A bug in a test is to be seen."""
    raise error


def rerank_with(clock: FakeClock | None = None, /, **rerankers: Reranker) -> Rerank:
    """A router to *rerankers*, by the names of their providers."""
    return rerank_by({}, clock, **rerankers)


def rerank_by(
    aliases: Mapping[str, Alias], clock: FakeClock | None = None, seed: int = 0, /, **rerankers: Reranker
) -> Rerank:
    """A router to *rerankers* that knows *aliases* too."""
    clock = clock or FakeClock()
    ask = AskTarget(rerankers.__getitem__, clock, Random(seed), FakeExecutor(clock), CircuitBreaker(clock), raise_bug)

    return Rerank(Routing(tuple(rerankers), aliases), ask)


def run(rerank: Rerank, asked: RerankRequest, seconds: float = 10.0) -> Answer:
    return rerank(asked, within(seconds, rerank.ask.clock))


def targets(answer: Answer | AllTargetsFailed) -> list[str]:
    """Who was asked."""
    return [str(attempt.target) for attempt in answer.attempts if not attempt.skipped]


def tried(answer: Answer | AllTargetsFailed) -> list[tuple[str, int | None]]:
    """Who was tried, and the status that came of it."""
    return [(each.target.provider, each.status_code) for each in answer.attempts if not each.skipped]
