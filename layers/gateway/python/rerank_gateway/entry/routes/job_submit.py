"""The route that takes jobs on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rerank_gateway.apis import native, native_jobs
from rerank_gateway.domain.jobs.result_ttl import parse_result_ttl
from rerank_gateway.entry.http.authentication import authenticated_key, by_latest_limits
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.job_options import parse_idempotency_key
from rerank_gateway.entry.routes.rerank_log import log_rerank_request
from rerank_gateway.entry.routes.response_headers import POLL_AGAIN, config_header, warning_headers
from rerank_gateway.entry.routes.webhook_header import webhook_of

if TYPE_CHECKING:
    from rerank_gateway.domain.jobs.job import Job
    from rerank_gateway.domain.keys import VirtualKey
    from rerank_gateway.domain.request import RerankRequest
    from rerank_gateway.domain.spending.bill import Bill
    from rerank_gateway.entry.services import SubmitServices

PATH = "/v1/async/rerank"
RESULT_TTL_HEADER = "x-bf-async-job-result-ttl"


def submit_route(services: SubmitServices) -> Route:
    return Route(partial(submit, services), lambda _: native_jobs)


def submit(services: SubmitServices, http: HttpRequest) -> HttpResponse:
    """What the sync route would refuse is refused now; the rest is answered with a job."""
    key = authenticated_key(services, http)
    services.refresh()
    request, warnings = native.parse(http.body())
    log_rerank_request(http, request, services.end_users)
    request = services.authorize(key, request)
    services.require_access(request)
    job = _submitted(services, http, key, request)
    http.log.fields["job"] = job.id
    http.log.values["JobsSubmitted"] = 1
    headers = {
        "location": f"{_path(http)}/{job.id}",
        **POLL_AGAIN,
        **config_header(services.config_version),
        **warning_headers(warnings),
    }

    return HttpResponse(202, native_jobs.render_submission(job), headers)


def _submitted(services: SubmitServices, http: HttpRequest, key: VirtualKey, request: RerankRequest) -> Job:
    result_ttl = parse_result_ttl(http.headers.get(RESULT_TTL_HEADER), RESULT_TTL_HEADER)
    idempotency_key = parse_idempotency_key(http.headers.get("idempotency-key"))
    webhook = webhook_of(http, key, services.require_webhook)
    submit_job = services.submit_job.before(http.deadline).traced(http.trace).telling(webhook)
    if not key.is_metered:
        return submit_job(http.body(), key, result_ttl, idempotency_key)

    def submit_for(bill: Bill) -> Job:
        return submit_job.billed(bill)(http.body(), key, result_ttl, idempotency_key)

    def admitted(current: VirtualKey) -> Job:
        job = services.admit_job(current, request, submit_for)
        http.log.note_budget(services.admit_job.admit.budget_used(current))

        return job

    return by_latest_limits(services, http, key, admitted)


def _path(http: HttpRequest) -> str:
    """The one that was asked for: with a domain of the operator's, a base path may stand before our own."""
    path: str = http.event["requestContext"]["http"]["path"]

    return path if path.endswith(PATH) else PATH
