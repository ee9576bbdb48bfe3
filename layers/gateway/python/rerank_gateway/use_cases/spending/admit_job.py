"""Let a job in by the limits of its key: what it may cost is reserved until it has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import IdempotencyConflict
from rerank_gateway.domain.jobs.job import UNFINISHED_TTL_S, Job
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.spending.bill import NO_CHARGE, Bill
from rerank_gateway.domain.spending.cost import NOTHING
from rerank_gateway.domain.spending.counters import JOBS
from rerank_gateway.domain.spending.ports import key_account
from rerank_gateway.domain.spending.reservation import Demand, lapse_of_job
from rerank_gateway.use_cases.spending.admission import Admit
from rerank_gateway.use_cases.spending.estimate_cost import EstimateCost


@dataclass(frozen=True, slots=True)
class AdmitJob:
    admit: Admit
    estimate: EstimateCost
    clock: Clock

    def __call__(self, key: VirtualKey, request: RerankRequest, submit: Callable[[Bill], Job]) -> Job:
        """
        The job that *submit* makes for *request* with a bill; what was reserved goes back where there was such a job.

        A process that dies in between leaves its reservation to lapse, when the job would be gone as well. Raises
        RateLimited, BudgetExceeded, NotAllowed or Unavailable, and what *submit* raises.
        """
        estimate = self.estimate(request) if key.has_budget else NOTHING
        # Whatever it comes to, it is the bill that settles it, and counts its usage.
        demand = Demand(len(request.documents), estimate.at_most, is_exact=True)
        lapses = lapse_of_job(self.clock.epoch() + UNFINISHED_TTL_S)
        reservations = self.admit.reserve(key, demand, JOBS, lapses)
        held = tuple(each for _, each in reservations if each.hold)
        bill = Bill(uuid4().hex, key_account(key.id), key.team, demand.documents, held)
        try:
            job = submit(bill)
        except IdempotencyConflict:
            self._release(bill)
            raise
        if job.bill != bill:
            self._release(bill)

        return job

    def _release(self, bill: Bill) -> None:
        now = self.clock.epoch()
        for account, change in bill.settled(NO_CHARGE, now).items():
            self.admit.accounts.apply(account, change)
