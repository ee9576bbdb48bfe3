"""Ask the next target beside one that is slow: the first ranking wins."""

from __future__ import annotations

from functools import partial

from rerank_gateway.domain.errors import TargetOvertaken, TargetTimedOut
from rerank_gateway.domain.plan import Stage
from rerank_gateway.domain.ports import Task
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.ask import Ask
from rerank_gateway.use_cases.inquiry import Inquiry
from rerank_gateway.use_cases.pursuit import Pursuit


def hedged(ask: Ask, stage: Stage, inquiry: Inquiry) -> Pursuit | None:
    """
    The pursuit that found a ranking first. What the others may still find is not waited for.

    A failure starts the next target at once, slowness after the stage's `hedge_after`; targets in trouble come last.
    """
    left = _in_order(ask, stage)
    slow_at = now = ask.clock.now()
    until = inquiry.until(now, len(left))
    running: dict[Task[Pursuit], Pursuit] = {}
    while (left or running) and now < until:
        if left and now >= slow_at:
            pursuit = Pursuit(left.pop(0), now)
            running[ask.crew.start(partial(ask, pursuit, inquiry.request, until))] = pursuit
            slow_at = now + stage.hedge_after
        ask.crew.wait(running, min(slow_at, until) if left else until)
        now = ask.clock.now()
        # Failures first, or those of the same moment would pass for overtaken.
        for task in sorted((task for task in running if task.done()), key=lambda task: bool(task.result().found)):
            del running[task]
            pursuit = task.result()
            if pursuit.found:
                inquiry.give_up(running.values(), TargetOvertaken("another target answered before it"), now)
                inquiry.attempts += pursuit.attempts
                return pursuit
            inquiry.attempts += pursuit.attempts
            slow_at = now
    inquiry.give_up(running.values(), TargetTimedOut("no answer in time"), now)

    return None


def _in_order(ask: Ask, stage: Stage) -> list[Target]:
    now = ask.clock.now()

    return sorted(stage.targets, key=lambda target: not ask.health.is_awake(target, now))
