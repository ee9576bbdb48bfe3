"""A job's request, done as the sync route would have done it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json

from rerank_gateway.apis import native
from rerank_gateway.apis.shared.response_parts import without_none
from rerank_gateway.domain.attempt import AllTargetsFailed, Attempt
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import DeadlineExceeded, TargetBusy, Unavailable
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.domain.jobs.ports import LoadPayload
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.entry import observability
from rerank_gateway.entry.http.errors import to_http_error
from rerank_gateway.entry.http.size import require_reply_size
from rerank_gateway.entry.wiring.container import CLOCK, wiring


@dataclass(slots=True)
class ExecutionLog:
    """What is learnt of a job while it is done."""

    model: str = ""
    attempts: Sequence[Attempt] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


def execute_job(job: Job, load: LoadPayload, deadline: Deadline) -> Outcome:
    """What the sync call would have answered to the request of *job*, its errors included."""
    started, trail = CLOCK.now(), ExecutionLog()
    try:
        outcome = _ranked(job, load(), deadline, trail)
    except Exception as error:  # a job must end whatever happens, or its message would come for ever
        outcome = _failed(job, error, trail)
    fields = {"job": job.id, "key": job.owner, "status": outcome.status_code, "busy": outcome.busy, **trail.notes}
    ms = round((CLOCK.now() - started) * 1000, 2)
    observability.log_event("job_tried", {**fields, "ms": ms}, trail.attempts)

    return outcome


def _ranked(job: Job, body: bytes, deadline: Deadline, trail: ExecutionLog) -> Outcome:
    request, _ = native.parse(body)
    trail.model = request.model
    # Which models its owner may ask for was settled when the job came in; other producers are the account's own.
    wiring().ranking.admit(VirtualKey(job.owner), request)
    answer = wiring().ranking.rerank(request, job.owner, deadline)
    trail.attempts = answer.attempts
    trail.notes = without_none(cost=answer.usage.cost, cache=answer.cache)
    content = to_json(native.render(request, answer, job.id), inf_nan_mode="null")
    require_reply_size(content.decode())

    return Outcome(200, content, request.model)


def _failed(job: Job, error: Exception, trail: ExecutionLog) -> Outcome:
    told = to_http_error(error, job.id, trail.model or None)
    trail.attempts = told.attempts
    if told.status == 500:
        observability.log_bug(error, {"job": job.id})
    busy = _retryable(error)
    waits = [failure.retry_after for failure in busy if isinstance(failure, TargetBusy) and failure.retry_after]

    return Outcome(told.status, to_json(native.render_error(told)), trail.model, bool(busy), min(waits, default=None))


def _retryable(error: Exception) -> list[Exception]:
    """Those of the failures behind *error* that a little patience may mend."""
    failures = [attempt.error for attempt in error.attempts] if isinstance(error, AllTargetsFailed) else [error]

    return [failure for failure in failures if isinstance(failure, TargetBusy | Unavailable | DeadlineExceeded)]
