"""Rank documents: ask the targets of the plan until there is a ranking."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.errors import NoAnswer, OutOfTime, TargetError
from rerank_gateway.domain.plan import Manner, Plan, Stage
from rerank_gateway.domain.preferences import Weigh
from rerank_gateway.domain.price import TOKEN, searches
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing import Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.ask import Ask
from rerank_gateway.use_cases.fused import fused
from rerank_gateway.use_cases.hedged import hedged
from rerank_gateway.use_cases.in_turn import in_turn
from rerank_gateway.use_cases.inquiry import Inquiry
from rerank_gateway.use_cases.pursuit import Found, Pursuit

MANNERS: Mapping[Manner, Callable[[Ask, Stage, Inquiry], Pursuit | None]] = {
    Manner.IN_TURN: in_turn,
    Manner.HEDGED: hedged,
    Manner.FUSED: fused,
}


@dataclass(frozen=True, slots=True)
class Rerank:
    routing: Routing
    ask: Ask

    def __call__(self, request: RerankRequest, deadline: float) -> Answer:
        """
        Answer *request* before *deadline*, a moment on the clock.

        Raises NoAnswer or OutOfTime; whom it may ask at all was settled when it was admitted.
        """
        plan = self.routing.plan(request, self.ask.chance, self._weigh(request))
        inquiry = Inquiry(request, deadline, untried=sum(len(stage.targets) for stage in plan))
        for stage in self._awake_first(plan):
            pursuit = MANNERS[stage.manner](self.ask, stage, inquiry)
            if pursuit and pursuit.found:
                return _answer(inquiry, pursuit.target, pursuit.found)
        if not inquiry.attempts:
            raise OutOfTime("no time was left to ask anyone")

        raise NoAnswer(inquiry.attempts, plan[0].targets[0])

    def _awake_first(self, plan: Plan) -> Sequence[Stage]:
        """The stages of *plan*, those last in which all targets are in trouble."""
        now = self.ask.clock.now()

        return sorted(plan, key=lambda stage: not any(self.ask.health.is_awake(t, now) for t in stage.targets))

    def _weigh(self, request: RerankRequest) -> Weigh:
        """How much speaks against a target by the sort that *request* prefers."""
        if request.preferences.sort == "latency":
            return self.ask.health.latency

        return lambda target: self._expected_cost(target, request)

    def _expected_cost(self, target: Target, request: RerankRequest) -> float:
        """What *request* should cost at *target*, in USD; infinitely much where that is not known."""
        try:
            price = self.ask.rerankers(target.provider).profile(target.model).price
        except TargetError:
            return inf
        tokens = sum(map(len, request.texts)) // TOKEN
        used = Usage(total_tokens=tokens, search_units=searches(len(request.texts)))

        return price.of(used) if price else inf


def _answer(inquiry: Inquiry, target: Target, found: Found) -> Answer:
    ranking = found.ranking.normalized() if inquiry.request.normalized else found.ranking

    return Answer(ranking, found.usage, target, tuple(inquiry.attempts))
