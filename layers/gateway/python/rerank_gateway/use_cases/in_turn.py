"""Ask targets one after the other, until one answers."""

from __future__ import annotations

from rerank_gateway.domain.plan import Stage
from rerank_gateway.use_cases.ask import Ask
from rerank_gateway.use_cases.inquiry import Inquiry
from rerank_gateway.use_cases.pursuit import Pursuit


def in_turn(ask: Ask, stage: Stage, inquiry: Inquiry) -> Pursuit | None:
    """The first pursuit that found a ranking. Targets in trouble come last."""
    left = list(stage.targets)
    while left:
        now = ask.clock.now()
        if now >= inquiry.deadline:
            return None
        target = ask.health.awake(left, now)[0]
        left.remove(target)
        pursuit = ask(Pursuit(target, now), inquiry.request, inquiry.until(now))
        inquiry.attempts += pursuit.attempts
        if pursuit.found:
            return pursuit

    return None
