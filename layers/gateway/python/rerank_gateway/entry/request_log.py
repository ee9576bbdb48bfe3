"""What the log line of a request says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.errors import BudgetExceeded

# Only types, and dear ones: status answers polls without ever ranking.
if TYPE_CHECKING:
    from collections.abc import Mapping

    from rerank_gateway.domain.answer import Answer
    from rerank_gateway.domain.attempt import Attempt
    from rerank_gateway.entry.gathered_metrics import GatheredMetrics
    from rerank_gateway.entry.metrics import Value

MAX_NAME_CHARS = 200
"""Of a name that a caller has chosen."""


@dataclass(slots=True)
class RequestLog:
    """
    Filled in while a request is answered, as far as it gets; *model* is the one that it names, *fields* stand in the
    log line as they are, and *values* are of metrics. *counts_app* has the application in it counted apart; *targets*
    are those that are counted by name, as the configuration names them. Without *counts_attempts* what providers did,
    and what it cost, stands in the log line only. What is *gathered* is told by another line, with that of others.
    """

    model: str | None = None
    attempts: Sequence[Attempt] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)
    counts_app: bool = False
    targets: Collection[str] = ()
    counts_attempts: bool = True
    gathered: GatheredMetrics | None = None

    def own(self, values: Mapping[str, Value], by: Mapping[str, str]) -> Mapping[str, Value]:
        """Which of *values* its own line tells: all or none. Failures are told where the attempts stand."""
        if self.gathered is None or "AttemptFailures" in values:
            return values
        self.gathered.add(values, by)

        return {}

    def note_budget(self, used: float | None) -> None:
        """Which share of a budget is used, if there is one."""
        if used is not None:
            self.values["BudgetUsed"] = round(used * 100, 1)

    def note_refusal(self, error: Exception) -> None:
        """Which share of a budget is used, where *error* is that it does not allow the request."""
        if isinstance(error, BudgetExceeded):
            self.note_budget(error.used)

    def note_answer(self, answer: Answer) -> None:
        """What came of it: who answered, instead of whom, and what that cost."""
        usage, fields, values = answer.usage, self.fields, self.values
        self.attempts = answer.attempts
        fields["target"] = str(answer.target)[:MAX_NAME_CHARS]
        if usage.cost is not None:
            fields["cost"] = values["Cost"] = usage.cost
        if usage.total_tokens:
            fields["tokens"] = values["Tokens"] = usage.total_tokens
        if answer.degraded:
            fields["degraded"] = list(answer.degraded)
        if answer.cache:
            fields["cache"] = answer.cache
            values["CacheHits" if answer.cache == "hit" else "CacheMisses"] = 1
        if answer.won_hedge:
            values["HedgesWon"] = 1
        if not answer.is_first_choice:
            values["LastResorts" if answer.is_last_resort else "Fallbacks"] = 1
