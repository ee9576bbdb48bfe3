"""A line of a batch, done as a job of its own would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic_core import to_json

from rerank_gateway.apis import native
from rerank_gateway.apis.batch_lines import line_id
from rerank_gateway.domain.batches.work import LineRequest
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import FaultyKey, NotAuthenticated, Unavailable
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.domain.jobs.ports import ExecuteJob
from rerank_gateway.domain.keys import MASTER_ID
from rerank_gateway.entry.http.errors import to_http_error
from rerank_gateway.entry.worker.byte_budget import ByteBudget

if TYPE_CHECKING:
    from rerank_gateway.entry.worker.services import ExecutionServices

BUSY = Outcome(503, b"", busy=True)
"""Of a line that is to be tried again."""


@dataclass(frozen=True, slots=True)
class LineExecutor:
    """*execute* does the work of each, with no more of them in memory than *budget* allows."""

    services: ExecutionServices
    execute: ExecuteJob
    budget: ByteBudget

    def __call__(self, request: LineRequest, deadline: Deadline) -> Outcome:
        """What the sync call would have answered to the request of a line, its errors included."""
        job, body = _job_of(request), request.line.body
        with self.budget.room_for(len(body), deadline.remaining()) as there_is_room:
            if not there_is_room:
                return BUSY
            try:
                if job.owner != MASTER_ID and self.services.find_owner(job.owner) is None:
                    return _keyless(job)
            except Unavailable:
                return BUSY
            except FaultyKey:
                # Which its execution meets as well, and knows what to say.
                pass

            return self.execute(job, lambda: body, deadline)


def _job_of(request: LineRequest) -> Job:
    batch = request.batch

    return Job(
        id=line_id(batch, request.number),
        owner=batch.owner,
        models=batch.models,
        # As of what other producers send: its owner's key counts as it is now, with its limits.
        fingerprint="",
        created_at=batch.created_at,
        expires_at=batch.deadline,
    )


def _keyless(job: Job) -> Outcome:
    error = NotAuthenticated("the key of this batch's owner was removed", reason="invalid_api_key")
    http_error = to_http_error(error, job.id, None)

    return Outcome(http_error.status, to_json(native.render_error(http_error)))
