"""Real objects with simple insides, for what a test does not want to be about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from rerank_gateway.adapters.messages import Carrier, Reply
from rerank_gateway.domain.answer import Scores
from rerank_gateway.domain.errors import TargetError
from rerank_gateway.domain.keys import VirtualKey, fingerprint_of
from rerank_gateway.domain.ports import Clock, Crew, Keys, Reranker, Task
from rerank_gateway.domain.profile import NOTHING_SPECIAL, Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage

T = TypeVar("T")
TEXTS = ("the first", "the second", "the third")
REQUEST = RerankRequest(model="ready/m", query="which one?", documents=TEXTS, texts=TEXTS)


def request(**changes: Any) -> RerankRequest:
    return replace(REQUEST, **changes)


class FakeClock(Clock):
    """Time passes when somebody sleeps, or when a test says so."""

    def __init__(self, now: float = 1000.0) -> None:
        self.time = now
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def epoch(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@dataclass
class FakeReranker(Reranker):
    """Ranks documents in the order they came, after *failures* have been used up; each answer takes *seconds*."""

    failures: Iterable[TargetError] = ()
    clock: FakeClock = field(default_factory=FakeClock)
    seconds: float = 0.0
    timeouts: list[float] = field(default_factory=list)
    known: Profile = NOTHING_SPECIAL

    def __post_init__(self) -> None:
        self._failures = iter(self.failures)

    def profile(self, model: str) -> Profile:
        return self.known

    def rerank(self, request: RerankRequest, model: str, timeout: float) -> Scores:
        self.timeouts.append(timeout)
        self.clock.time += min(self.seconds, timeout)
        for failure in self._failures:
            raise failure

        return Scores([(index, 1.0 / (index + 1)) for index in range(len(request.texts))], Usage(total_tokens=7))


@dataclass
class FakeTask(Generic[T]):
    clock: FakeClock
    ends: float
    outcome: T | Exception

    __hash__ = object.__hash__

    def done(self) -> bool:
        return self.clock.time >= self.ends

    def result(self) -> T:
        if isinstance(self.outcome, Exception):
            raise self.outcome

        return self.outcome


@dataclass
class FakeCrew(Crew):
    """Works on a clock of its own: what is started at the same time ends when each of it would have ended alone."""

    clock: FakeClock
    most: int = 0

    def start(self, work: Callable[[], T], /) -> FakeTask[T]:
        began = self.clock.time
        try:
            outcome: T | Exception = work()
        except Exception as error:  # raised where the result is wanted
            outcome = error
        ends, self.clock.time = self.clock.time, began

        return FakeTask(self.clock, ends, outcome)

    def wait(self, tasks: Collection[Task[T]], until: float, /) -> None:
        self.most = max(self.most, len(tasks))
        ends = [task.ends for task in tasks if isinstance(task, FakeTask)]
        self.clock.time = max(self.clock.time, min([until, *ends]))


class FakeKeys(Keys):
    def __init__(self, tokens: Mapping[str, VirtualKey]) -> None:
        self.keys = {fingerprint_of(token): key for token, key in tokens.items()}
        self.asked = 0

    def find(self, fingerprint: str) -> VirtualKey | None:
        self.asked += 1

        return self.keys.get(fingerprint)


@dataclass
class FakeCarrier(Carrier):
    """Brings back *replies*, one after the other, and remembers what it was given."""

    replies: Iterable[Reply]
    sent: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._replies = iter(self.replies)

    def send(self, url: str, headers: Mapping[str, str], body: bytes, timeout: float) -> Reply:
        self.sent.append((url, headers, body))

        return next(self._replies)


@dataclass
class FakeContext:
    """Lambda's context, with so much time left."""

    milliseconds: int = 29_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds
