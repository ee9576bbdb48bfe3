"""Ask several targets side by side and make one ranking of theirs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rerank_gateway.domain import fusion
from rerank_gateway.domain.errors import TargetTimedOut
from rerank_gateway.domain.ports import Task
from rerank_gateway.domain.routing.plan import Stage
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.request_state import RequestState
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult


def fuse(ask: AskTarget, stage: Stage, state: RequestState) -> TargetCall | None:
    """
    One pursuit for all who found a ranking, under the name of the first of them; None when nobody did.

    Who fails, or is not done in the stage's share of the time, is left out.
    """
    started = ask.clock.now()
    until = state.until(started, len(stage.targets))
    calls = _pursuits(ask, stage, state, started, until)
    rankings = [call.found.ranking for call in calls if call.found]
    if not rankings:
        return None
    usage = sum((call.found.usage for call in calls if call.found), Usage())
    first = next(call.target for call in calls if call.found)
    found = TargetResult(fusion.reciprocal_rank_fusion(state.request, rankings), usage, ask.clock.now() - started)

    return TargetCall(first, started, found=found)


def _pursuits(ask: AskTarget, stage: Stage, state: RequestState, now: float, until: float) -> list[TargetCall]:
    """Those that ended in time, in the order of the stage."""
    # A document that one of them did not rank would count as its last, so each ranks them all.
    whole = replace(state.request, top_n=None)
    available = [TargetCall(target, now) for target in ask.breaker.available(stage.targets, now)]
    tasks: dict[Task[TargetCall], TargetCall] = {
        ask.executor.start(partial(ask, call, whole, until)): call for call in available
    }
    while (left := [task for task in tasks if not task.done()]) and ask.clock.now() < until:
        ask.executor.wait(left, until)
    calls = [task.result() for task in tasks if task.done()]
    state.attempts += [attempt for call in calls for attempt in call.attempts]
    late = [call for task, call in tasks.items() if not task.done()]
    state.cancel(late, TargetTimedOut("no answer in time"), ask.clock.now())

    return calls
