"""Tries at targets, and what it means when all of them were in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rerank_gateway.domain.errors import GatewayError, TargetError
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    One try at one target. *latency* is in seconds; *error* is None when it answered; *parts* are the requests that a
    large one was split into.
    """

    target: Target
    latency: float
    error: TargetError | None = None
    parts: int = 1

    @property
    def status_code(self) -> int:
        return self.error.status_code if self.error else 200


class AllTargetsFailed(GatewayError):
    """
    Everyone was asked in vain. The last failure of the first choice speaks for all, as it is whom the caller wanted,
    or that of whoever was asked first, if the first choice was not.
    """

    code = "no_answer"

    def __init__(self, attempts: Sequence[Attempt], first_choice: Target | None = None) -> None:
        failed = [attempt.target for attempt in attempts if attempt.error]
        first = first_choice if first_choice in failed else failed[0]
        self.primary_error = [a.error for a in attempts if a.target == first and a.error][-1]
        self.attempts = tuple(attempts)
        super().__init__(f"{first}: {self.primary_error.message}")
