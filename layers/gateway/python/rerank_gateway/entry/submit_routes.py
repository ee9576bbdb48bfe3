"""The route that takes jobs on."""

from __future__ import annotations

from rerank_gateway.apis import native, native_jobs
from rerank_gateway.entry import job_options
from rerank_gateway.entry.call import Call
from rerank_gateway.entry.callers import caller_of
from rerank_gateway.entry.http import Reply
from rerank_gateway.entry.rerank_routes import note, warnings
from rerank_gateway.entry.wiring import wiring

PATH = "/v1/async/rerank"
RESULT_TTL = "x-bf-async-job-result-ttl"


def submit(call: Call) -> Reply:
    """What the sync route would refuse is refused now; the rest is answered with a job."""
    key = caller_of(call)
    body = call.body()
    request, ignored = native.parse(body)
    note(call, request)
    wiring().ranking.admit(key, request)
    result_ttl = job_options.result_ttl(call.headers.get(RESULT_TTL), RESULT_TTL)
    idempotency_key = job_options.idempotency_key(call.headers.get("idempotency-key"))
    job = wiring().jobs.submit(body, key.id, result_ttl, idempotency_key)
    call.notes["job"] = job.id
    headers = {"location": f"{PATH}/{job.id}", **job_options.LOOK_AGAIN, **warnings(ignored)}

    return Reply(202, native_jobs.submitted(job), headers)
