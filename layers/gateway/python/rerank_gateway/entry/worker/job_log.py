"""The log line of a try: of a job, or of a line of a batch, which is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.entry import observability
from rerank_gateway.entry.request_log import MAX_NAME_CHARS, RequestLog

if TYPE_CHECKING:
    from rerank_gateway.entry.gathered_metrics import GatheredMetrics


class Times(NamedTuple):
    """The seconds for which a job was *queued* since its submission, and those that its try *took*."""

    queued: float
    took: float


LogTry: TypeAlias = Callable[[Job, Outcome, RequestLog, Times], None]
"""Logs what a try came to, beside what is in the log already."""


def log_try(job: Job, outcome: Outcome, log: RequestLog, times: Times) -> None:
    """The line of a *job*."""
    queued = round(times.queued * 1000, 1)
    tried = {"job": job.id, **_tried(job, outcome, times), "queued_ms": queued, **log.fields}
    log.values |= {f"Jobs{_end(outcome)}": 1, "QueueTime": queued, "JobAge": queued + tried["ms"]}
    if job.bill and job.bill.team:
        tried["team"] = job.bill.team
    if job.trace:
        tried["trace_id"] = job.trace.id
    _log("job_tried", tried, log)


@dataclass(frozen=True, slots=True)
class LineLog:
    """
    Logs what tries of lines of batches came to, under the ids that they have in the results. They count as no jobs, and
    how long ago a batch was made says nothing: it may wait for hours, and nobody waits for it.
    """

    gathered: GatheredMetrics

    def __call__(self, line: Job, outcome: Outcome, log: RequestLog, times: Times) -> None:
        """The line of a *line*."""
        log.values[f"Lines{_end(outcome)}"], log.gathered = 1, self.gathered
        budget = {name: log.values[name] for name in ("BudgetUsed",) if name in log.values}
        _log("line_tried", {"request_id": line.id, **_tried(line, outcome, times), **log.fields, **budget}, log)

    def tell(self) -> None:
        """Log the metrics of the lines so far."""
        for values, by in self.gathered.taken():
            observability.log_done("lines_counted", {}, values, by)


def _end(outcome: Outcome) -> str:
    return "Busy" if outcome.busy else "Completed" if outcome.status_code == 200 else "Failed"


def _tried(job: Job, outcome: Outcome, times: Times) -> dict[str, Any]:
    return {
        "key": job.owner,
        "status": outcome.status_code,
        "busy": outcome.busy,
        "ms": round(times.took * 1000, 2),
    }


def _log(event: str, fields: dict[str, Any], log: RequestLog) -> None:
    if log.model is not None:
        fields["model"] = log.model[:MAX_NAME_CHARS]
    observability.log_request(event, fields, log)
