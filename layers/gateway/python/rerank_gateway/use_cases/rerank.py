"""Rank documents: ask the targets of the plan until there is a ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import inf

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed, Attempt
from rerank_gateway.domain.blank_texts import with_blanks, without_blanks
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import DeadlineExceeded
from rerank_gateway.domain.preferences import SortKey
from rerank_gateway.domain.ranking import Ranking, ScoreKind
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.routing.plan import Plan, Stage, Strategy
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.tokens import BYTES_PER_TOKEN
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.eligible import profile_of, violation_by
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
MAX_WARNED_FIELDS = 20


@dataclass(frozen=True, slots=True)
class Rerank:
    routing: Routing
    ask: AskTarget

    def __call__(self, request: RerankRequest, deadline: Deadline) -> Answer:
        """
        Answer *request* before *deadline*.

        Raises AllTargetsFailed or DeadlineExceeded; whom it may ask at all was settled when it was authorized.
        """
        rest, kept = without_blanks(request)
        plan = self.routing.plan(rest, self.ask.rng, self._sort_key(rest), violation_by(self.ask.rerankers, rest))
        answer = self._ask(plan, rest, deadline) if kept else _without_asking(plan, rest)

        if len(kept) == len(request.documents):
            return answer
        ranking, truncated = with_blanks(request, kept, answer.ranking), (kept[index] for index in answer.truncated)

        return replace(answer, ranking=ranking, truncated=frozenset(truncated))

    def _ask(self, plan: Plan, request: RerankRequest, deadline: Deadline) -> Answer:
        state = RequestState(request, deadline, untried=plan.size)
        for stage in self._available_first(plan):
            call = STRATEGIES[stage.strategy](self.ask, stage, state)
            if call and call.result:
                return self._to_answer(plan, state, call.target, call.result)
            if not state.goes_on:
                break
        if not state.calls:
            raise DeadlineExceeded("no time was left to ask anyone")

        raise AllTargetsFailed(self._attempts(plan, state), state.ended_by or next(iter(plan.first_choice), None))

    def warnings(self, request: RerankRequest, targets: Iterable[Target]) -> tuple[str, ...]:
        """What of *request* had no effect at *targets*, whose ranking is its answer: a line for each of them."""
        return tuple(filter(None, (self._warning(request, target) for target in dict.fromkeys(targets))))

    def _warning(self, request: RerankRequest, target: Target) -> str:
        ineffective = self.ask.rerankers(target.provider).ineffective_fields(request, target.model)
        fields = list(islice(ineffective, MAX_WARNED_FIELDS))

        return f"no effect at {target.provider}: {', '.join(fields)}" if fields else ""

    def _to_answer(self, plan: Plan, state: RequestState, target: Target, result: TargetResult) -> Answer:
        ranking = result.ranking.normalized() if state.request.normalized else result.ranking
        attempts = tuple(self._attempts(plan, state))
        warnings = self.warnings(state.request, [attempt.target for attempt in attempts if attempt.answered])

        return Answer(
            ranking=ranking,
            usage=result.usage,
            target=target,
            attempts=attempts,
            is_first_choice=target in plan.first_choice and not result.is_partial,
            is_last_resort=target in plan.last_resort and target not in plan.first_choice,
            won_hedge=result.won_hedge,
            truncated=result.truncated,
            warnings=warnings,
        )

    def _attempts(self, plan: Plan, state: RequestState) -> Sequence[Attempt]:
        """Every try, behind those who would have had their turn before: they may not be asked, or were passed over."""
        left_out = [Attempt(target, 0.0, passed_over=f"constraint {name}") for target, name in plan.left_out]
        skipped = [Attempt(target, 0.0, passed_over=self.ask.why_passed_over(target)) for target in state.unasked(plan)]

        return [*left_out, *skipped, *state.attempts]

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
        profile = profile_of(self.ask.rerankers, target)
        if profile is None or profile.price is None:
            return inf
        tokens = sum(map(len, request.texts)) // BYTES_PER_TOKEN

        return profile.price.of(Usage(total_tokens=tokens, search_units=profile.price.search_units(request)))


def _without_asking(plan: Plan, request: RerankRequest) -> Answer:
    """The answer to a *request* in which there is nothing to rank."""
    kind: ScoreKind = "normalized" if request.normalized else "probability"

    return Answer(Ranking((), kind), Usage(cost=0.0), plan.stages[0].targets[0], ())
