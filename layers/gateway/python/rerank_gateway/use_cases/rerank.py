"""Rank documents: ask the targets of the plan until there is a ranking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.errors import AllTargetsFailed, DeadlineExceeded, TargetError
from rerank_gateway.domain.price import BYTES_PER_TOKEN, search_units_for
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.routing.plan import Plan, Stage, Strategy
from rerank_gateway.domain.routing.preferences import SortKey
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

    def __call__(self, request: RerankRequest, deadline: float) -> Answer:
        """
        Answer *request* before *deadline*, a moment on the clock.

        Raises AllTargetsFailed or DeadlineExceeded; whom it may ask at all was settled when it was admitted.
        """
        plan = self.routing.plan(request, self.ask.rng, self._weigh(request))
        state = RequestState(request, deadline, untried=sum(len(stage.targets) for stage in plan))
        for stage in self._awake_first(plan):
            call = STRATEGIES[stage.strategy](self.ask, stage, state)
            if call and call.found:
                return _answer(state, call.target, call.found)
        if not state.attempts:
            raise DeadlineExceeded("no time was left to ask anyone")

        raise AllTargetsFailed(state.attempts, plan[0].targets[0])

    def _awake_first(self, plan: Plan) -> Sequence[Stage]:
        """The stages of *plan*, those last in which all targets are in trouble."""
        now = self.ask.clock.now()

        return sorted(plan, key=lambda stage: not any(self.ask.breaker.is_available(t, now) for t in stage.targets))

    def _weigh(self, request: RerankRequest) -> SortKey:
        """How much speaks against a target by the sort that *request* prefers."""
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
        used = Usage(total_tokens=tokens, search_units=search_units_for(len(request.texts)))

        return price.of(used) if price else inf


def _answer(state: RequestState, target: Target, found: TargetResult) -> Answer:
    ranking = found.ranking.normalized() if state.request.normalized else found.ranking

    return Answer(ranking, found.usage, target, tuple(state.attempts))
