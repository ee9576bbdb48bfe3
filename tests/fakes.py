"""Real objects with simple insides, for what a test does not want to be about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Generic, TypeVar

from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Transport
from rerank_gateway.domain.answer import CachedAnswer, ProviderScores
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetError, TargetTimedOut, Unavailable
from rerank_gateway.domain.keys import VirtualKey, hash_of_token
from rerank_gateway.domain.ports import AnswerCache, Executor, KeyStore, Reranker, Task
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.ranking import DescribedKind
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage

T = TypeVar("T")
NOTHING_SPECIAL = Profile()
SEVEN_TOKENS = Usage(total_tokens=7)
TEXTS = ("the first", "the second", "the third")
REQUEST = RerankRequest(model="ready/m", query="which one?", documents=TEXTS, texts=TEXTS)


def request(**changes: Any) -> RerankRequest:
    return replace(REQUEST, **changes)


def request_of(texts: Sequence[str], **changes: Any) -> RerankRequest:
    """One for *texts*, each of which is all that its document has."""
    return request(documents=texts, texts=texts, **changes)


def within(seconds: float, clock: Clock | None = None) -> Deadline:
    """So many seconds from now, on the real clock unless another one is given."""
    return Deadline.after(clock or SystemClock(), seconds)


class FakeClock(Clock):
    """Time passes when somebody sleeps, or when a test says so. While it is *frozen* only the calendar goes on."""

    def __init__(self, now: float = 1000.0) -> None:
        self.time = now
        self.frozen = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def epoch(self) -> float:
        return self.time + self.frozen

    def calendar(self) -> float:
        return self.time + self.frozen

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@dataclass
class FakeReranker(Reranker):
    """
    Ranks documents in the order they came, or by the *score* of their texts, after *failures* have been used up; each
    answer takes *seconds*, and is too late if that is more than it is given.
    """

    failures: Iterable[TargetError] = ()
    clock: FakeClock = field(default_factory=FakeClock)
    seconds: float = 0.0
    timeouts: list[float] = field(default_factory=list)
    known: Profile = NOTHING_SPECIAL
    score: Callable[[str], float] | None = None
    usage: Usage = SEVEN_TOKENS
    kind: DescribedKind = "unknown"
    questions: list[RerankRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._failures = iter(self.failures)

    def profile(self, model: str) -> Profile:
        return self.known

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        timeout = deadline.remaining()
        self.timeouts.append(timeout)
        self.questions.append(request)
        self.clock.time += min(self.seconds, timeout)
        if self.seconds > timeout:
            raise TargetTimedOut("late")
        for failure in self._failures:
            raise failure

        return ProviderScores(list(enumerate(self._scores(request.texts))), self.usage, self.kind)

    def _scores(self, texts: Sequence[str]) -> Iterable[float]:
        return map(self.score, texts) if self.score else (1.0 / (index + 1) for index in range(len(texts)))


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
class FakeExecutor(Executor):
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

    def wait(self, tasks: Collection[Task[T]], deadline: Deadline, /) -> None:
        self.most = max(self.most, len(tasks))
        ends = [task.ends for task in tasks if isinstance(task, FakeTask)]
        self.clock.time = max(self.clock.time, min([deadline.at, *ends]))


@dataclass
class FakeCache(AnswerCache):
    """Forgets nothing but what has expired, as long as it is not *broken*."""

    kept: dict[str, CachedAnswer] = field(default_factory=dict)
    broken: bool = False

    def find(self, key: str, now: float) -> CachedAnswer | None:
        self._must_work()
        known = self.kept.get(key)

        return known if known and known.expires_at > now else None

    def keep(self, key: str, what: CachedAnswer) -> None:
        self._must_work()
        self.kept[key] = what

    def _must_work(self) -> None:
        if self.broken:
            raise Unavailable("the table is gone")


class FakeKeyStore(KeyStore):
    def __init__(self, tokens: Mapping[str, VirtualKey]) -> None:
        self.keys = {hash_of_token(token): key for token, key in tokens.items()}
        self.asked = 0

    def find(self, fingerprint: str, max_age: float = inf) -> VirtualKey | None:
        self.asked += 1

        return self.keys.get(fingerprint)


@dataclass
class FakeTransport(Transport):
    """Brings back *replies*, one after the other, and remembers what it was given."""

    replies: Iterable[ProviderResponse]
    sent: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._replies = iter(self.replies)

    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        self.sent.append((request.url, request.headers, request.body))

        return next(self._replies)


@dataclass
class FakeInvocation:
    """What a handler knows before it does anything."""

    clock: Clock = field(default_factory=FakeClock)
    stack: str = "a-stack"
    origins: tuple[str, ...] = ()
    xray_header: str = ""
    success_share: float = 1.0


@dataclass
class FakeContext:
    """Lambda's context, with so much time left."""

    milliseconds: int = 29_000
    function_name: str = "gateway-function"
    memory_limit_in_mb: str = "1769"
    invoked_function_arn: str = "arn:aws:lambda:eu-west-1:123456789012:function:gateway-function"
    aws_request_id: str = "8f507cfc-1697-4697-b07a-ac58fc914c95"

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds
