"""Ask targets one after the other, until one answers."""

from __future__ import annotations

from rerank_gateway.domain.routing.plan import Stage
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.request_state import RequestState
from rerank_gateway.use_cases.routing.target_call import TargetCall


def fall_back(ask: AskTarget, stage: Stage, state: RequestState) -> TargetCall | None:
    """The first call that has a result. Targets whose circuit is open come last."""
    left = list(stage.targets)
    while left and state.goes_on:
        target = ask.breaker.available(left)[0]
        left.remove(target)
        call = state.start_call(target)
        ask(call, stage.apply(state.request), state.deadline_for())
        ask.record_outcome(call, state.request)
        if call.result:
            return call
        state.record_failure(call)

    return None
