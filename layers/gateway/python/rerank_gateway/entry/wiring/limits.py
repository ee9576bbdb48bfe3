"""Assembly of what keeps keys and teams within their limits. Only the first key that has any needs it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.entry.wiring.environment import CLOCK, Environment
from rerank_gateway.use_cases.cached_rerank import CachedRerank
from rerank_gateway.use_cases.spending.admission import Admit
from rerank_gateway.use_cases.spending.admit_job import AdmitJob
from rerank_gateway.use_cases.spending.estimate_cost import EstimateCost
from rerank_gateway.use_cases.spending.limited_rerank import LimitedRerank
from rerank_gateway.use_cases.spending.reserve_again import ReserveAgain


@dataclass(frozen=True)
class LimitServices:
    environment: Environment
    rerankers: Rerankers
    cached_rerank: CachedRerank
    admit: Admit

    @cached_property
    def rerank(self) -> LimitedRerank:
        return LimitedRerank(self.cached_rerank, self.estimate, self.admit, CLOCK)

    @cached_property
    def admit_job(self) -> AdmitJob:
        return AdmitJob(self.admit, self.estimate, CLOCK)

    @cached_property
    def reserve_again(self) -> ReserveAgain:
        return ReserveAgain(self.admit.accounts)

    @cached_property
    def estimate(self) -> EstimateCost:
        return EstimateCost(self.environment.routing, self.rerankers)
