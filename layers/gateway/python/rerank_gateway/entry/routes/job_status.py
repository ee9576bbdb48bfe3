"""The routes that poll, list and cancel jobs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pydantic_core import to_json

from rerank_gateway.apis import native_jobs
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.domain.errors import UnknownJob
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.job_options import MAX_JOB_ID_CHARS, parse_part, parse_wait
from rerank_gateway.entry.routes.response_headers import POLL_AGAIN

if TYPE_CHECKING:
    from rerank_gateway.entry.services import StatusServices

CANCELLED_STATUS = 499
"""What nginx calls a request whose client went away; no server has sent it since."""


def poll_route(services: StatusServices) -> Route:
    return Route(partial(poll, services), lambda _: native_jobs)


def list_route(services: StatusServices) -> Route:
    return Route(partial(show_page, services), lambda _: native_jobs)


def cancel_route(services: StatusServices) -> Route:
    return Route(partial(cancel, services), lambda _: native_jobs)


def poll(services: StatusServices, request: HttpRequest) -> HttpResponse:
    """The job as it is: at once, or with `?wait=SECONDS` as soon as it is finished."""
    key = authenticated_key(services, request)
    wait = parse_wait((request.event.get("queryStringParameters") or {}).get("wait"))
    job = services.read_job(_job_id(request), key.id, min(wait, request.deadline.remaining()))

    return _job_response(job)


def show_page(services: StatusServices, request: HttpRequest) -> HttpResponse:
    """Some of the key's jobs, the newest first."""
    key = authenticated_key(services, request)

    return HttpResponse(200, native_jobs.render_list(services.list_jobs(key.id, parse_part(request))))


def cancel(services: StatusServices, request: HttpRequest) -> HttpResponse:
    """The job as it ended, which is cancelled unless it was finished before."""
    key, job_id = authenticated_key(services, request), _job_id(request)
    job = services.cancel_job(job_id, key.id, Outcome(CANCELLED_STATUS, _cancelled_body(job_id)))

    return _job_response(job)


def _cancelled_body(job_id: str) -> bytes:
    http_error = HttpError(
        status=CANCELLED_STATUS, kind="cancelled", code="cancelled", message="the job was cancelled", request_id=job_id
    )

    return to_json(native_jobs.render_error(http_error))


def _job_id(request: HttpRequest) -> str:
    """The job's id in the address. Raises UnknownJob for what can be none: DynamoDB would refuse to look for it."""
    job_id: str = request.event["pathParameters"]["id"]
    if len(job_id) > MAX_JOB_ID_CHARS:
        raise UnknownJob("there is no such job")

    return job_id


def _job_response(job: Job) -> HttpResponse:
    return (
        HttpResponse(200, native_jobs.render_job(job))
        if job.is_finished
        else HttpResponse(202, native_jobs.render_job(job), POLL_AGAIN)
    )
