"""Ask the next target beside one that is slow: the first ranking wins."""

from __future__ import annotations

from functools import partial

from rerank_gateway.domain.errors import TargetOutpaced, TargetTimedOut
from rerank_gateway.domain.ports import Task
from rerank_gateway.domain.routing.plan import Stage
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.request_state import RequestState
from rerank_gateway.use_cases.routing.target_call import TargetCall


def hedge(ask: AskTarget, stage: Stage, state: RequestState) -> TargetCall | None:
    """
    The pursuit that found a ranking first. What the others may still find is not waited for.

    A failure starts the next target at once, slowness after the stage's `hedge_after`; targets in trouble come last.
    """
    left = _in_order(ask, stage)
    slow_at = now = ask.clock.now()
    until = state.until(now, len(left))
    running: dict[Task[TargetCall], TargetCall] = {}
    while (left or running) and now < until:
        if left and now >= slow_at:
            call = TargetCall(left.pop(0), now)
            running[ask.executor.start(partial(ask, call, state.request, until))] = call
            slow_at = now + stage.hedge_after
        ask.executor.wait(running, min(slow_at, until) if left else until)
        now = ask.clock.now()
        # Failures first, or those of the same moment would pass for overtaken.
        for task in sorted((task for task in running if task.done()), key=lambda task: bool(task.result().found)):
            del running[task]
            call = task.result()
            if call.found:
                state.cancel(running.values(), TargetOutpaced("another target answered before it"), now)
                state.attempts += call.attempts
                return call
            state.attempts += call.attempts
            slow_at = now
    state.cancel(running.values(), TargetTimedOut("no answer in time"), now)

    return None


def _in_order(ask: AskTarget, stage: Stage) -> list[Target]:
    now = ask.clock.now()

    return sorted(stage.targets, key=lambda target: not ask.breaker.is_available(target, now))
