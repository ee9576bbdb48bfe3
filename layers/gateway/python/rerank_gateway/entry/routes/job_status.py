"""The routes that poll and cancel jobs."""

from __future__ import annotations

from pydantic_core import to_json

from rerank_gateway.apis import native_jobs
from rerank_gateway.apis.shared.error import HttpError
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.call import Call
from rerank_gateway.entry.http.handler import HttpResponse
from rerank_gateway.entry.routes import job_options
from rerank_gateway.entry.wiring.container import wiring

CANCELLED_STATUS = 499
"""What nginx calls a request whose client went away; no server has sent it since."""


def poll(call: Call) -> HttpResponse:
    """The job as it is: at once, or with `?wait=SECONDS` as soon as it is finished."""
    key = authenticated_key(call)
    wait = job_options.wait((call.event.get("queryStringParameters") or {}).get("wait"))
    job = wiring().jobs.read(_job_id(call), key.id, min(wait, call.deadline.remaining()))

    return _job_response(job)


def cancel(call: Call) -> HttpResponse:
    """The job as it ended, which is cancelled unless it was finished before."""
    key, job_id = authenticated_key(call), _job_id(call)
    told = HttpError(
        status=CANCELLED_STATUS, kind="cancelled", code="cancelled", message="the job was cancelled", request_id=job_id
    )
    body = to_json(native_jobs.render_error(told))

    return _job_response(wiring().jobs.cancel(job_id, key.id, Outcome(CANCELLED_STATUS, body)))


def _job_id(call: Call) -> str:
    job_id: str = call.event["pathParameters"]["id"]

    return job_id


def _job_response(job: Job) -> HttpResponse:
    return (
        HttpResponse(200, native_jobs.polled(job))
        if job.is_finished
        else HttpResponse(202, native_jobs.polled(job), job_options.POLL_AGAIN)
    )
