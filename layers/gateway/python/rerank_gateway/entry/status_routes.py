"""The routes that poll and cancel jobs."""

from __future__ import annotations

from pydantic_core import to_json

from rerank_gateway.apis import native_jobs
from rerank_gateway.apis.failure import Failure
from rerank_gateway.domain.jobs import Job, Outcome
from rerank_gateway.entry import job_options
from rerank_gateway.entry.call import Call
from rerank_gateway.entry.callers import caller_of
from rerank_gateway.entry.http import Reply
from rerank_gateway.entry.wiring import CLOCK, wiring

CANCELLED = 499
"""What nginx calls a request whose client went away; no server has sent it since."""


def poll(call: Call) -> Reply:
    """The job as it is: at once, or with `?wait=SECONDS` as soon as it is finished."""
    key = caller_of(call)
    wait = job_options.wait((call.event.get("queryStringParameters") or {}).get("wait"))
    job = wiring().jobs.read(_job_id(call), key.id, min(wait, call.deadline - CLOCK.now()))

    return _told(job)


def cancel(call: Call) -> Reply:
    """The job as it ended, which is cancelled unless it was finished before."""
    key, job_id = caller_of(call), _job_id(call)
    told = Failure(
        status=CANCELLED, kind="cancelled", code="cancelled", message="the job was cancelled", request_id=job_id
    )
    body = to_json(native_jobs.failure(told))

    return _told(wiring().jobs.cancel(job_id, key.id, Outcome(CANCELLED, body)))


def _job_id(call: Call) -> str:
    job_id: str = call.event["pathParameters"]["id"]

    return job_id


def _told(job: Job) -> Reply:
    return (
        Reply(200, native_jobs.polled(job))
        if job.is_finished
        else Reply(202, native_jobs.polled(job), job_options.LOOK_AGAIN)
    )
