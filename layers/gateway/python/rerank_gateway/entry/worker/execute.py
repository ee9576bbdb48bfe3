"""A job's request, done as the sync route would have done it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pydantic_core import to_json

from rerank_gateway.apis import native
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import (
    BudgetExceeded,
    Misconfigured,
    RateLimited,
    TargetAsleep,
    TargetBulkheadFull,
    TargetBusy,
)
from rerank_gateway.domain.jobs.charges import charge_of_failure, charged_unseen
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.domain.jobs.ports import LoadPayload
from rerank_gateway.domain.keys import MASTER_ID, VirtualKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.spending.bill import NO_CHARGE, Charge
from rerank_gateway.domain.spending.limits import to_nanos
from rerank_gateway.entry import observability
from rerank_gateway.entry.http.errors import to_http_error
from rerank_gateway.entry.http.response_size import require_response_size
from rerank_gateway.entry.request_log import RequestLog
from rerank_gateway.entry.shadowing import offer_shadow
from rerank_gateway.entry.worker.error_body import error_body
from rerank_gateway.entry.worker.job_log import LogTry, Times, log_try
from rerank_gateway.entry.worker.retryable import retryable_errors
from rerank_gateway.use_cases.spending.within_limits import within_limits

if TYPE_CHECKING:
    from rerank_gateway.entry.worker.services import ExecutionServices


@dataclass(frozen=True, slots=True)
class JobExecutor:
    """*log_end* is for what is no job, but is done as one."""

    services: ExecutionServices
    log_end: LogTry = log_try

    def __call__(self, job: Job, load: LoadPayload, deadline: Deadline) -> Outcome:
        """What the sync call would have answered to the request of *job*, its errors included."""
        clock, log = self.services.clock, RequestLog()
        started, queued = clock.now(), max(clock.epoch() - job.created_at, 0.0)
        outcome = self._refused(job, log) or self._tried(job, load, deadline, log)
        self.log_end(job, outcome, log, Times(queued, clock.now() - started))

        return outcome

    def _refused(self, job: Job, log: RequestLog) -> Outcome | None:
        """The outcome of a *job* whose try before may be billed, and whose budget has no more. Raises Unavailable."""
        try:
            if job.bill and job.claims > 1:
                self.services.reserve_again(job.bill)
        except BudgetExceeded as error:
            return charged_unseen(job, _failed(job, error, log))

        return None

    def _tried(self, job: Job, load: LoadPayload, deadline: Deadline, log: RequestLog) -> Outcome:
        try:
            return self._ranked(job, load(), deadline, log)
        except Exception as error:  # a job must end whatever happens, or its message would come for ever
            return _failed(job, error, log)

    def _ranked(self, job: Job, body: bytes, deadline: Deadline, log: RequestLog) -> Outcome:
        request, _ = native.parse(body)
        log.model, log.targets = request.model, self.services.counted_targets
        log.fields["documents"] = len(request.documents)
        if end_user := self.services.end_users(request, {}):
            log.fields["end_user"] = end_user
        key = self._key(job)
        request = self.services.authorize(key, request)
        request = replace(request, trace=job.trace) if job.trace else request
        if key.team:
            log.fields["team"] = key.team
        answer, charge = self._answer(job, key, request, deadline)
        if key.is_metered:
            log.note_budget(self.services.limited_rerank.admit.budget_used(key))
        log.note_answer(answer)
        offer_shadow(self.services, log, (request, answer), deadline)
        content = to_json(native.render(request, answer, job.id), inf_nan_mode="null")
        require_response_size(content.decode())

        return Outcome(200, content, request.model, cost=to_nanos(answer.usage.cost or 0.0), charge=charge)

    def _key(self, job: Job) -> VirtualKey:
        """
        The key that *job* is for: with the models that it had when the job was submitted. Other producers, whose jobs
        have no fingerprint, are the account's own; an owner whom they name has the limits of their key.
        """
        known = None if job.bill or job.owner == MASTER_ID or job.fingerprint else self.services.find_owner(job.owner)
        if known is None:
            return VirtualKey(job.owner, models=job.models)
        known.must_be_valid(self.services.clock.epoch())

        return known

    def _answer(self, job: Job, key: VirtualKey, request: RerankRequest, deadline: Deadline) -> tuple[Answer, Charge]:
        if job.bill:
            return self.services.limited_rerank.for_bill(job.bill, job.owner, request, deadline)
        if key.is_metered:
            limited = partial(self.services.limited_rerank, request=request, deadline=deadline)
            return within_limits(key, limited, partial(self.services.find_owner, job.owner, max_age=0.0)), NO_CHARGE

        return self.services.rerank(request, job.owner, deadline), NO_CHARGE


def _failed(job: Job, error: Exception, log: RequestLog) -> Outcome:
    http_error = to_http_error(error, job.id, log.model)
    log.attempts, log.fields["error"] = http_error.attempts, http_error.code
    log.note_refusal(error)
    if isinstance(error, Misconfigured):
        observability.log_mistake(error)
    if http_error.status == 500:
        observability.log_bug(error, {"job": job.id})
    retryable = retryable_errors(error)
    waits = [c.retry_after for c in retryable if isinstance(c, TargetBusy | RateLimited) and c.retry_after]

    return Outcome(
        status_code=http_error.status,
        body=error_body(http_error),
        model=log.model or "",
        busy=bool(retryable),
        retry_after=min(waits, default=None),
        waking=any(isinstance(cause, TargetAsleep) for cause in retryable),
        is_crowded=bool(retryable) and all(isinstance(cause, TargetBulkheadFull) for cause in retryable),
        charge=charge_of_failure(job, error),
    )
