"""The route that takes jobs on."""

from __future__ import annotations

from rerank_gateway.apis import native, native_jobs
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.call import Call
from rerank_gateway.entry.http.handler import HttpResponse
from rerank_gateway.entry.routes import job_options
from rerank_gateway.entry.routes.rerank import note_request, warning_headers
from rerank_gateway.entry.wiring.container import wiring

PATH = "/v1/async/rerank"
RESULT_TTL = "x-bf-async-job-result-ttl"


def submit(call: Call) -> HttpResponse:
    """What the sync route would refuse is refused now; the rest is answered with a job."""
    key = authenticated_key(call)
    body = call.body()
    request, ignored = native.parse(body)
    note_request(call, request)
    wiring().ranking.admit(key, request)
    result_ttl = job_options.result_ttl(call.headers.get(RESULT_TTL), RESULT_TTL)
    idempotency_key = job_options.idempotency_key(call.headers.get("idempotency-key"))
    job = wiring().jobs.submit(body, key.id, result_ttl, idempotency_key)
    call.notes["job"] = job.id
    headers = {"location": f"{PATH}/{job.id}", **job_options.POLL_AGAIN, **warning_headers(ignored)}

    return HttpResponse(202, native_jobs.submitted(job), headers)
