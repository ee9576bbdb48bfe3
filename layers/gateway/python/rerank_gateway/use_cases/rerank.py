"""Rank documents: ask the targets of the plan until there is a ranking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import DeadlineExceeded, TargetError
from rerank_gateway.domain.preferences import SortKey
from rerank_gateway.domain.price import BYTES_PER_TOKEN, search_units_for
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.routing.plan import Plan, Stage, Strategy
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.fallback import fall_back
from rerank_gateway.use_cases.routing.fuse import fuse
from rerank_gateway.use_cases.routing.hedge import hedge
from rerank_gateway.use_cases.routing.request_state import RequestState
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult

STRATEGIES: Mapping[Strategy, Callable[[AskTarget, Stage, RequestState], TargetCall | None]] = {
    Strategy.FALLBACK: fall_back,
    Strategy.HEDGE: hedge,
    Strategy.FUSE: fuse,
}


@dataclass(frozen=True, slots=True)
class Rerank:
    routing: Routing
    ask: AskTarget

    def __call__(self, request: RerankRequest, deadline: Deadline) -> Answer:
        """
        Answer *request* before *deadline*.

        Raises AllTargetsFailed or DeadlineExceeded; whom it may ask at all was settled when it was authorized.
        """
        plan = self.routing.plan(request, self.ask.rng, self._sort_key(request))
        state = RequestState(request, deadline, untried=plan.size)
        for stage in self._available_first(plan):
            call = STRATEGIES[stage.strategy](self.ask, stage, state)
            if call and call.result:
                return _to_answer(plan, state, call.target, call.result)
        if not state.calls:
            raise DeadlineExceeded("no time was left to ask anyone")

        raise AllTargetsFailed(state.attempts, plan.first_choice[0])

    def _available_first(self, plan: Plan) -> Sequence[Stage]:
        """The stages of *plan*, those last all of whose targets have an open circuit."""
        is_available = self.ask.breaker.is_available

        return sorted(plan.stages, key=lambda stage: not any(map(is_available, stage.targets)))

    def _sort_key(self, request: RerankRequest) -> SortKey:
        """What targets are sorted by where *request* prefers them sorted."""
        if request.preferences.sort == "latency":
            return self.ask.breaker.latency

        return lambda target: self._expected_cost(target, request)

    def _expected_cost(self, target: Target, request: RerankRequest) -> float:
        """What *request* should cost at *target*, in USD; infinitely much where that is not known."""
        try:
            price = self.ask.rerankers(target.provider).profile(target.model).price
        except TargetError:
            return inf
        tokens = sum(map(len, request.texts)) // BYTES_PER_TOKEN
        usage = Usage(total_tokens=tokens, search_units=search_units_for(len(request.texts)))

        return price.of(usage) if price else inf


def _to_answer(plan: Plan, state: RequestState, target: Target, result: TargetResult) -> Answer:
    ranking = result.ranking.normalized() if state.request.normalized else result.ranking
    is_first_choice = target in plan.first_choice and not result.is_partial

    return Answer(ranking, result.usage, target, tuple(state.attempts), is_first_choice, warnings=result.warnings)
