"""Tries at targets, and what it means when all of them were in vain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rerank_gateway.domain.errors import GatewayError, TargetError, TargetNotConfigured
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import NO_USAGE, Usage


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    One try at one target. *latency* is in seconds, without those that it *waited* for its turn here; *error* is None
    when it answered; *parts* are the requests that a large one was split into, and *usage* what it used up. With
    *passed_over* nobody was asked, for that reason. *key_number* tells which of the provider's keys it took, 0 being
    none; it *opened_circuit* if its failure closed the way for others. It is the first one to be answered *woke_after*
    seconds after the target was found asleep, where it was.
    """

    target: Target
    latency: float
    error: TargetError | None = None
    parts: int = 1
    waited: float = 0.0
    usage: Usage = NO_USAGE
    key_number: int = 0
    passed_over: str = ""
    opened_circuit: bool = False
    woke_after: float | None = None

    @property
    def skipped(self) -> str:
        """Why the target was not asked; "" when it was."""
        return f"no {self.error.lacks}" if isinstance(self.error, TargetNotConfigured) else self.passed_over

    @property
    def answered(self) -> bool:
        return self.error is None and not self.passed_over

    @property
    def status_code(self) -> int | None:
        """None where nobody was asked."""
        if self.skipped:
            return None

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
