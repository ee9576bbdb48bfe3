"""What a shadow is asked, and what there is to compare its ranking with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, TypeAlias

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.request import RerankRequest

ShadowStatus: TypeAlias = Literal["queued", "too_large", "unavailable"]
"""What became of a question that was to be asked: only the first will be compared."""


class Pair(NamedTuple):
    """Whose rankings are compared: those of the *model* that answers for an *alias*, and those of the *shadow*."""

    alias: str
    model: str
    shadow: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """Documents by index, the best first, after *latency* seconds and for *cost* USD; None where nobody knows that."""

    order: tuple[int, ...]
    latency: float
    cost: float | None

    @classmethod
    def of(cls, answer: Answer) -> Ranked:
        """As *answer* has it. Of a fused ranking, who was last to answer says how long it took."""
        latency = max((attempt.latency for attempt in answer.attempts if attempt.answered), default=0.0)

        return cls(tuple(index for index, _ in answer.ranking.results), latency, answer.usage.cost)


@dataclass(frozen=True, slots=True)
class ShadowQuestion:
    """The *request* that the shadow of a *pair* is asked, and how the model *answered* the same."""

    pair: Pair
    request: RerankRequest
    answered: Ranked


class ShadowQueue(Protocol):
    """Where questions wait that are asked after the answer."""

    def send(self, question: ShadowQuestion, deadline: Deadline) -> ShadowStatus:
        """Have a worker ask *question*, unless it is too large or the queue out of reach. Never raises for that."""
