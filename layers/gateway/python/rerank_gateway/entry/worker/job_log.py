"""The log line of a try of a job."""

from __future__ import annotations

from typing import NamedTuple

from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.entry import observability
from rerank_gateway.entry.request_log import MAX_NAME_CHARS, RequestLog


class Times(NamedTuple):
    """The seconds for which a job was *queued* since its submission, and those that its try *took*."""

    queued: float
    took: float


def log_try(job: Job, outcome: Outcome, log: RequestLog, times: Times) -> None:
    """Log what a try of *job* came to, beside what is in *log* already."""
    state = "JobsBusy" if outcome.busy else "JobsCompleted" if outcome.status_code == 200 else "JobsFailed"
    queued, took = round(times.queued * 1000, 1), round(times.took * 1000, 2)
    log.values |= {state: 1, "QueueTime": queued, "JobAge": queued + took}
    fields = {
        "job": job.id,
        "key": job.owner,
        "status": outcome.status_code,
        "busy": outcome.busy,
        "ms": took,
        "queued_ms": queued,
        **log.fields,
    }
    if job.bill and job.bill.team:
        fields["team"] = job.bill.team
    if job.trace:
        fields["trace_id"] = job.trace.id
    if log.model is not None:
        fields["model"] = log.model[:MAX_NAME_CHARS]
    observability.log_request("job_tried", fields, log)
