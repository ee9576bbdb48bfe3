"""Ask targets one after the other, until one answers."""

from __future__ import annotations

from rerank_gateway.domain.routing.plan import Stage
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.request_state import RequestState
from rerank_gateway.use_cases.routing.target_call import TargetCall


def fall_back(ask: AskTarget, stage: Stage, state: RequestState) -> TargetCall | None:
    """The first pursuit that found a ranking. Targets in trouble come last."""
    left = list(stage.targets)
    while left:
        now = ask.clock.now()
        if now >= state.deadline:
            return None
        target = ask.breaker.available(left, now)[0]
        left.remove(target)
        call = ask(TargetCall(target, now), state.request, state.until(now))
        state.attempts += call.attempts
        if call.found:
            return call

    return None
