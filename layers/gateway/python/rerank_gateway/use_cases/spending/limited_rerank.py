"""Rank for a key that has limits: what it may cost is reserved before anyone is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import DeadlineExceeded
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.spending.bill import Bill, Charge
from rerank_gateway.domain.spending.cost import NOTHING, Estimate
from rerank_gateway.domain.spending.counters import Balance, usage_of
from rerank_gateway.domain.spending.limits import to_nanos
from rerank_gateway.domain.spending.periods import day_at
from rerank_gateway.domain.spending.reservation import Demand
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.cached_rerank import CachedRerank
from rerank_gateway.use_cases.spending.admission import Admit
from rerank_gateway.use_cases.spending.estimate_cost import EstimateCost


@dataclass(frozen=True, slots=True)
class LimitedRerank:
    rerank: CachedRerank
    estimate: EstimateCost
    admit: Admit
    clock: Clock

    def __call__(self, key: VirtualKey, request: RerankRequest, deadline: Deadline) -> Answer:
        """
        Answer *request*, as far as the limits of *key* and its team allow it. What the cache answers costs nothing.

        Raises RateLimited or BudgetExceeded, NotAllowed where a budget meets an unknown price, Unavailable when nobody
        can tell, and what the rerank raises.
        """
        estimate = self.estimate(request, has_budget=key.has_budget)
        admission = self.admit(key, self.demand(request, estimate))
        try:
            answer = self.rerank(request, key.id, deadline)
        except Exception as error:
            cost = _charge_of_failure(error, estimate)
            admission.settle(cost, self._usage(request, _first(estimate), cost) if cost else {})
            raise
        admission.settle(*self._outcome(request, answer, estimate))

        return replace(answer, rate=admission.rate)

    def for_bill(self, bill: Bill, owner: str, request: RerankRequest, deadline: Deadline) -> tuple[Answer, Charge]:
        """
        The answer to the *request* of a job that was let in with *bill*, and what is to be charged for it.

        Raises what the rerank raises; with a charge, where something was paid for.
        """
        estimate = self.estimate(request) if bill.reservations else NOTHING
        answer = self.rerank(request, owner, deadline)
        cost, _ = self._outcome(request, answer, estimate)

        return answer, Charge(cost, str(answer.target))

    def demand(self, request: RerankRequest, estimate: Estimate) -> Demand:
        documents, cost, exact = len(request.documents), estimate.at_most, estimate.exact
        target = exact or _first(estimate)
        usage = self._usage(request, target, cost) if target else {}

        return Demand(documents, cost, is_exact=exact is not None, usage=usage)

    def _outcome(self, request: RerankRequest, answer: Answer, estimate: Estimate) -> tuple[int, Balance]:
        """What *answer* has cost, and the usage to be counted."""
        cost = estimate.charge(answer.attempts, answer.target, answer.usage)
        if estimate is NOTHING:
            cost = to_nanos(answer.usage.cost or 0.0)

        return cost, self._usage(request, answer.target, cost)

    def _usage(self, request: RerankRequest, target: Target | None, cost: int) -> Balance:
        return usage_of(day_at(self.clock.epoch()), str(target), len(request.documents), cost)


def _charge_of_failure(error: Exception, estimate: Estimate) -> int:
    if isinstance(error, AllTargetsFailed):
        return estimate.charge(error.attempts)

    # Of a bug nobody knows what it has cost.
    return 0 if isinstance(error, DeadlineExceeded) else estimate.at_most


def _first(estimate: Estimate) -> Target | None:
    return next(iter(estimate.expected), None)
