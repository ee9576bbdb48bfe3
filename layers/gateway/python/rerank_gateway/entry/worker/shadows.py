"""Questions for shadows, asked and compared: once each, whatever comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.entry import observability
from rerank_gateway.entry.metrics import Value
from rerank_gateway.entry.request_log import MAX_NAME_CHARS

if TYPE_CHECKING:
    from rerank_gateway.domain.shadows.question import ShadowQuestion
    from rerank_gateway.entry.worker.services import WorkerServices
    from rerank_gateway.use_cases.shadows.compare import Comparison

MAX_AGE_S = 3600
"""Seconds after which a question is dropped, and its texts with it."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShadowExecutor:
    services: WorkerServices

    def __call__(self, record: Record, deadline: Deadline) -> None:
        """Ask what stands in *record*, and count what comes of it. Never raises: the message must not come again."""
        attributes, services = record["attributes"], self.services
        # Whoever took it before may have asked already.
        if int(attributes["ApproximateReceiveCount"]) > 1:
            return self.skip("came_again")
        if services.clock.epoch() - int(attributes["SentTimestamp"]) / 1000 > MAX_AGE_S:
            return self.skip("too_old")
        try:
            question = services.queue.parse_shadow(record)
            return _log(question, services.shadows.compare(question, deadline))
        except Unavailable as error:
            return self.skip("not_counted", cause=error.cause)
        except Exception as error:  # one message must not bring the others back
            return observability.log_bug(error, {"message_id": record["messageId"]})

    def skip(self, reason: str, **fields: Any) -> None:
        """Have it known that there is no comparison, for this *reason*."""
        observability.log_done("shadow_skipped", {"reason": reason, **fields}, {"ShadowsSkipped": 1})


def _log(question: ShadowQuestion, comparison: Comparison) -> None:
    """Names and numbers only, apart from those of requests."""
    pair, answer, error = question.pair, comparison.answer, comparison.error
    fields: dict[str, Any] = {name: value[:MAX_NAME_CHARS] for name, value in pair._asdict().items()}
    values: dict[str, Value] = {"Shadows": 1}
    if error:
        fields["error"] = error.code
        values["ShadowFailures"] = 1
    if answer:
        fields["ms"] = round(answer.latency * 1000, 2)
        fields["rbo"] = comparison.counts["rbo"] / 1_000_000
    if answer and answer.usage.cost is not None:
        fields["cost"] = values["ShadowCost"] = answer.usage.cost
    observability.log_done("shadow_compared", fields, values)
