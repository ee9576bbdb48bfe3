"""What the use cases need from the world; `entry/wiring` fills it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from math import inf
from typing import Any, Protocol, TypeVar

from rerank_gateway.domain.answer import CachedAnswer, ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.ineffective import ineffective_fields
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest

T = TypeVar("T")
Done = TypeVar("Done", covariant=True)


class Reranker(Protocol):
    def profile(self, model: str) -> Profile:
        """What is known of *model* before it is asked."""

    def require_access(self, model: str) -> None:
        """
        Raise TargetMissing, which names the setting that is missing, where *model* cannot be asked from here, or
        Unavailable.
        """
        return

    def ineffective_fields(self, request: RerankRequest, model: str) -> Iterable[str]:
        """The names of what *request* has and *model* does not look at."""
        return ineffective_fields(request, self.profile(model))

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        """Ask *model* once, before *deadline*. Raises a TargetError."""


class Rerankers(Protocol):
    def __call__(self, provider: str, /) -> Reranker:
        """The way to *provider*. Raises TargetMissing when it is not configured."""


class KeyStore(Protocol):
    def find(self, key_hash: str, max_age: float = inf) -> VirtualKey | None:
        """The key whose token has this hash, as it was so many seconds ago at most. Raises Unavailable."""


class Task(Protocol[Done]):
    """Work that is under way."""

    def done(self) -> bool: ...

    def result(self) -> Done:
        """What finished work came to, be it an error."""


class Executor(Protocol):
    """Does several things at once."""

    def start(self, work: Callable[[], T], /) -> Task[T]: ...

    def wait(self, tasks: Collection[Task[T]], deadline: Deadline, /) -> None:
        """Come back when one of *tasks* is done, or at the *deadline*."""


class BugLog(Protocol):
    def __call__(self, error: Exception, fields: Mapping[str, Any], /) -> None:
        """Have the operator know of *error*, which nobody expected."""


class AnswerCache(Protocol):
    """Where answers are kept. Both raise Unavailable."""

    def find(self, key: str, now: float) -> CachedAnswer | None:
        """What was kept under *key* and has not expired at *now*, in epoch seconds."""

    def keep(self, key: str, answer: CachedAnswer) -> None: ...
