"""What the use cases need from the world; `entry/wiring.py` fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rerank_gateway.domain.answer import Scores
    from rerank_gateway.domain.keys import VirtualKey
    from rerank_gateway.domain.profile import Profile
    from rerank_gateway.domain.request import RerankRequest


class Clock(Protocol):
    def now(self) -> float:
        """Seconds on a clock that never goes back; deadlines are moments on it."""

    def epoch(self) -> float:
        """Seconds since 1970, UTC."""

    def sleep(self, seconds: float) -> None: ...


class Reranker(Protocol):
    def profile(self, model: str) -> Profile:
        """What is known of *model* before it is asked."""

    def rerank(self, request: RerankRequest, model: str, timeout: float) -> Scores:
        """Ask *model* once, for *timeout* seconds in all. Raises a TargetError."""


class Rerankers(Protocol):
    def __call__(self, provider: str, /) -> Reranker:
        """The way to *provider*. Raises TargetMissing when it is not configured."""


class Keys(Protocol):
    def find(self, fingerprint: str) -> VirtualKey | None:
        """The key with this fingerprint. Raises Unavailable."""
