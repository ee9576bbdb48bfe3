"""Ask several targets at once and make one ranking of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetOutpaced, TargetTimedOut
from rerank_gateway.domain.fusion import reciprocal_rank_fusion
from rerank_gateway.domain.ports import Task
from rerank_gateway.domain.routing.plan import Stage
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.request_state import RequestState
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult

TOO_LATE = "the others answered before it, and waited for a while"


def fuse(ask: AskTarget, stage: Stage, state: RequestState) -> TargetCall | None:
    """
    One call for all who have a result, under the name of the first of them; None when nobody has.

    Who fails is left out, and who is not done in the stage's share of the time or its `fuse_wait` after the first.
    """
    started = ask.clock.now()
    calls = _call_all(ask, stage, state)
    results = [call.result for call in calls if call.result]
    if not results:
        for call in state.calls:
            state.record_failure(call)
        return None
    usage = Usage.total(result.usage for result in results)
    ranking = reciprocal_rank_fusion(state.request, [result.ranking for result in results])
    first = next(call for call in calls if call.result)
    is_partial = len(results) < len(stage.targets)
    truncated = frozenset().union(*(result.truncated for result in results))

    seconds = ask.clock.now() - started

    return replace(first, result=TargetResult(ranking, usage, seconds, is_partial, truncated=truncated))


def _call_all(ask: AskTarget, stage: Stage, state: RequestState) -> Sequence[TargetCall]:
    """The calls to the targets that are available, in the order of the stage, when all have ended or time is over."""
    # A document that one of them did not rank would count as its last, so each ranks them all.
    request = replace(stage.apply(state.request), top_n=None)
    deadline = state.deadline_for(len(stage.targets))
    calls = [state.start_call(target) for target in ask.breaker.available(stage.targets)]
    tasks = {ask.executor.start(partial(ask, call, request, deadline)): call for call in calls}
    _wait_for_all(ask, tasks, deadline, stage.fuse_wait)
    ended = {task: call for task, call in tasks.items() if task.done()}
    late = [call for task, call in tasks.items() if task not in ended]
    ask.cancel_all(late, request, TargetTimedOut("no answer in time") if deadline.is_over else TargetOutpaced(TOO_LATE))
    for task, call in ended.items():
        task.result()
        ask.record_outcome(call, request)

    return list(ended.values())


def _wait_for_all(ask: AskTarget, tasks: dict[Task[None], TargetCall], deadline: Deadline, fuse_wait: float) -> None:
    until = deadline
    while (left := [task for task in tasks if not task.done()]) and not until.is_over:
        if until is deadline and any(call.result for task, call in tasks.items() if task not in left):
            until = deadline.within(fuse_wait)
        ask.executor.wait(left, until)
