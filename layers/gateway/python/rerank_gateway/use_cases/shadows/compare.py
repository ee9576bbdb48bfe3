"""Ask the shadow what another model has answered, and keep in how far they agree."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import GatewayError
from rerank_gateway.domain.preferences import Preferences
from rerank_gateway.domain.shadows.counts import FAILURE, Counts, ShadowRecords, counts_of
from rerank_gateway.domain.shadows.question import Ranked, ShadowQuestion
from rerank_gateway.domain.spending.periods import day_at
from rerank_gateway.use_cases.rerank import Rerank

NOBODY_ELSE = Preferences(allow_fallbacks=False)
"""Nobody is measured in the shadow's place."""
TIMEOUT_S = 30.0
"""As long as a caller would have waited."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was counted, and the shadow's *answer*, or the *error* instead of it."""

    counts: Counts
    answer: Answer | None = None
    error: GatewayError | None = None


@dataclass(frozen=True, slots=True)
class CompareShadow:
    rerank: Rerank
    records: ShadowRecords
    clock: Clock

    def __call__(self, question: ShadowQuestion, deadline: Deadline) -> Comparison:
        """
        The comparison that *question* comes to; it is counted. Nobody's cache is looked at, and nobody's budget is.

        Raises Unavailable where it could not be counted, though the shadow was asked.
        """
        comparison = self._compared(question, deadline.within(TIMEOUT_S))
        self.records.add(day_at(self.clock.epoch()), question.pair, comparison.counts)

        return comparison

    def _compared(self, question: ShadowQuestion, deadline: Deadline) -> Comparison:
        try:
            answer = self.rerank(replace(question.request, preferences=NOBODY_ELSE), deadline)
        except AllTargetsFailed as failed:
            return Comparison(FAILURE, error=failed.primary_error)
        except GatewayError as error:
            return Comparison(FAILURE, error=error)

        return Comparison(counts_of(question.answered, Ranked.of(answer)), answer)
