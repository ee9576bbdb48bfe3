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
    Everyone was asked in vain. The last failure of *speaker* speaks for all: the first choice, as it is whom the caller
    wanted, or who failed in a way that ended the request; or that of whoever was asked first, if *speaker* was not.
    """

    code = "no_answer"

    def __init__(self, attempts: Sequence[Attempt], speaker: Target | None = None) -> None:
        failed = [attempt.target for attempt in attempts if attempt.error]
        self.primary_target = speaker if speaker in failed else failed[0]
        self.primary_error = [a.error for a in attempts if a.target == self.primary_target and a.error][-1]
        self.attempts = tuple(attempts)
        super().__init__(f"{self.primary_target}: {self.primary_error.message}")
