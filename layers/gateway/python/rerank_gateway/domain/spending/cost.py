"""What a request may cost, and what it has cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import BadReply, TargetOutpaced, TargetTimedOut
from rerank_gateway.domain.spending.limits import to_nanos
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage

MAY_BE_BILLED = (TargetTimedOut, TargetOutpaced, BadReply)
"""How a try fails whose request the provider has got, and has answered, perhaps."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """
    What a request costs *at_most*, all who may be asked and all their tries together, and what one try at each target
    should cost; in billionths of a dollar. *exact* is the one target whose price is known beforehand, if it is so.
    """

    at_most: int = 0
    expected: Mapping[Target, int] = field(default_factory=dict)
    exact: Target | None = None

    def charge(self, attempts: Sequence[Attempt], target: Target | None = None, usage: Usage | None = None) -> int:
        """What *attempts* have cost, the one at *target* among them that was answered: by its *usage*."""
        tries = [attempt.target for attempt in attempts if isinstance(attempt.error, MAY_BE_BILLED)]
        unanswered = sum(self.expected.get(each, 0) for each in tries)
        answered = 0
        if usage and target:
            answered = self.expected.get(target, 0) if usage.cost is None else to_nanos(usage.cost)

        return max(answered, min(answered + unanswered, self.at_most))


NOTHING = Estimate()
