"""What the use cases need from the world; `entry/wiring.py` fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from rerank_gateway.domain.answer import CachedAnswer, ProviderScores
    from rerank_gateway.domain.keys import VirtualKey
    from rerank_gateway.domain.profile import Profile
    from rerank_gateway.domain.request import RerankRequest

T = TypeVar("T")
Done = TypeVar("Done", covariant=True)


class Clock(Protocol):
    def now(self) -> float:
        """Seconds on a clock that never goes back; deadlines are moments on it."""

    def epoch(self) -> float:
        """Seconds since 1970, UTC."""

    def sleep(self, seconds: float) -> None: ...


class Reranker(Protocol):
    def profile(self, model: str) -> Profile:
        """What is known of *model* before it is asked."""

    def rerank(self, request: RerankRequest, model: str, timeout: float) -> ProviderScores:
        """Ask *model* once, for *timeout* seconds in all. Raises a TargetError."""


class Rerankers(Protocol):
    def __call__(self, provider: str, /) -> Reranker:
        """The way to *provider*. Raises TargetMissing when it is not configured."""


class KeyStore(Protocol):
    def find(self, fingerprint: str) -> VirtualKey | None:
        """The key with this fingerprint. Raises Unavailable."""


class Task(Protocol[Done]):
    """Work that is under way."""

    def done(self) -> bool: ...

    def result(self) -> Done:
        """What finished work came to, be it an error."""


class Executor(Protocol):
    """Does several things side by side."""

    def start(self, work: Callable[[], T], /) -> Task[T]: ...

    def wait(self, tasks: Collection[Task[T]], until: float, /) -> None:
        """Come back when one of *tasks* is done, or at the moment *until* on the clock."""


class AnswerCache(Protocol):
    """Where answers are remembered. Both raise Unavailable."""

    def find(self, key: str, now: float) -> CachedAnswer | None:
        """What was kept under *key* and has not expired at *now*, in epoch seconds."""

    def keep(self, key: str, what: CachedAnswer) -> None: ...
