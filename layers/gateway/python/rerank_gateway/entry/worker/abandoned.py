"""How a job ends whose message SQS has given up."""

from __future__ import annotations

from pydantic_core import to_json

from rerank_gateway.apis import native_jobs
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.domain.jobs.job import Outcome
from rerank_gateway.domain.jobs.ports import JobMessage


def abandoned_outcome(message: JobMessage) -> Outcome:
    http_error = HttpError(
        status=500,
        kind="server_error",
        code="job_abandoned",
        message="no worker could finish this job, however often it was tried",
        request_id=message.job_id or message.id,
    )

    return Outcome(http_error.status, to_json(native_jobs.render_error(http_error)))
