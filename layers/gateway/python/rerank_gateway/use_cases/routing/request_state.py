"""A request on its way through its plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.plan import Plan, Strategy
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.routing.target_call import TargetCall


@dataclass(slots=True)
class RequestState:
    """
    *untried* is the number of targets that have not had their turn; *calls* only ever grows. Once it is *ended_by* a
    target's failure, nobody else is asked.
    """

    request: RerankRequest
    deadline: Deadline
    untried: int
    calls: list[TargetCall] = field(default_factory=list)
    ended_by: Target | None = None

    @property
    def goes_on(self) -> bool:
        """Whether someone else may be asked."""
        return self.ended_by is None and self.deadline.lets_begin

    @property
    def attempts(self) -> list[Attempt]:
        """Every try so far: the failed ones as they ended, then those that gave a ranking, as they were started."""
        tries = [each for call in self.calls for each in call.tries]
        failed = sorted((each for each in tries if each[1].error), key=itemgetter(0))
        succeeded = [each for each in tries if not each[1].error]

        return [attempt for _, attempt in (*failed, *succeeded)]

    def unasked(self, plan: Plan) -> list[Target]:
        """Those of *plan* who should have been asked before, or together with, the last one who was."""
        asked, planned = {call.target for call in self.calls}, list(plan.targets)
        last = max(map(planned.index, asked))
        for stage in plan.stages:
            if stage.strategy is Strategy.FUSE and planned[last] in stage.targets:
                last = planned.index(stage.targets[-1])

        return [target for target in planned[: last + 1] if target not in asked]

    def start_call(self, target: Target) -> TargetCall:
        clock = self.deadline.clock
        self.calls.append(call := TargetCall(target, clock, clock.now()))

        return call

    def record_failure(self, call: TargetCall) -> None:
        """*call* came to nothing: that ends the request, unless it falls back on such a status."""
        codes = self.request.fallback_on_codes
        error = call.last_try.error if call.tries else None
        if codes is not None and error and error.status_code not in codes:
            self.ended_by = self.ended_by or call.target

    def deadline_for(self, targets: int = 1) -> Deadline:
        """That of the next *targets*: their share of the time, so that those behind them get their turn."""
        share = targets / self.untried
        self.untried -= targets

        return self.deadline.share(share)
