"""Ask several targets side by side and make one ranking of theirs."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from rerank_gateway.domain import fusion
from rerank_gateway.domain.errors import TargetTimedOut
from rerank_gateway.domain.plan import Stage
from rerank_gateway.domain.ports import Task
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.ask import Ask
from rerank_gateway.use_cases.inquiry import Inquiry
from rerank_gateway.use_cases.pursuit import Found, Pursuit


def fused(ask: Ask, stage: Stage, inquiry: Inquiry) -> Pursuit | None:
    """
    One pursuit for all who found a ranking, under the name of the first of them; None when nobody did.

    Who fails, or is not done in the stage's share of the time, is left out.
    """
    started = ask.clock.now()
    until = inquiry.until(started, len(stage.targets))
    pursuits = _pursuits(ask, stage, inquiry, started, until)
    rankings = [pursuit.found.ranking for pursuit in pursuits if pursuit.found]
    if not rankings:
        return None
    usage = sum((pursuit.found.usage for pursuit in pursuits if pursuit.found), Usage())
    first = next(pursuit.target for pursuit in pursuits if pursuit.found)
    found = Found(fusion.fused(inquiry.request, rankings), usage, ask.clock.now() - started)

    return Pursuit(first, started, found=found)


def _pursuits(ask: Ask, stage: Stage, inquiry: Inquiry, now: float, until: float) -> list[Pursuit]:
    """Those that ended in time, in the order of the stage."""
    # A document that one of them did not rank would count as its last, so each ranks them all.
    whole = replace(inquiry.request, top_n=None)
    awake = [Pursuit(target, now) for target in ask.health.awake(stage.targets, now)]
    tasks: dict[Task[Pursuit], Pursuit] = {
        ask.crew.start(partial(ask, pursuit, whole, until)): pursuit for pursuit in awake
    }
    while (left := [task for task in tasks if not task.done()]) and ask.clock.now() < until:
        ask.crew.wait(left, until)
    pursuits = [task.result() for task in tasks if task.done()]
    inquiry.attempts += [attempt for pursuit in pursuits for attempt in pursuit.attempts]
    late = [pursuit for task, pursuit in tasks.items() if not task.done()]
    inquiry.give_up(late, TargetTimedOut("no answer in time"), ask.clock.now())

    return pursuits
