"""Ask the next target beside one that is slow: the first ranking wins."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetOutpaced, TargetTimedOut
from rerank_gateway.domain.ports import Task
from rerank_gateway.domain.routing.plan import Stage
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.request_state import RequestState
from rerank_gateway.use_cases.routing.target_call import TargetCall


def hedge(ask: AskTarget, stage: Stage, state: RequestState) -> TargetCall | None:
    """
    The call that has a result first. What the others may still find is not waited for.

    A failure starts the next target at once, slowness after the stage's `hedge_after`; those whose circuit is open come
    last.
    """
    race = Race(ask, stage, state, _available_first(ask, stage), state.deadline_for(len(stage.targets)))
    while race.goes_on:
        race.start_if_due()
        race.wait()
        if winner := race.winner():
            race.mark_won(winner)
            ask.cancel_all(race.running.values(), state.request, TargetOutpaced("another target answered before it"))
            return winner
    ask.cancel_all(race.running.values(), state.request, TargetTimedOut("no answer in time"))
    for call in race.running.values():
        state.record_failure(call)

    return None


def _available_first(ask: AskTarget, stage: Stage) -> list[Target]:
    return sorted(stage.targets, key=lambda target: not ask.breaker.is_available(target))


@dataclass(slots=True)
class Race:
    """Calls that are *running*, and the targets that are *left* to start, the next one at the moment *next_at*."""

    ask: AskTarget
    stage: Stage
    state: RequestState
    left: list[Target]
    deadline: Deadline
    running: dict[Task[None], TargetCall] = field(default_factory=dict)
    next_at: float = 0.0

    @property
    def goes_on(self) -> bool:
        return bool(self.left or self.running) and not self.deadline.is_over

    def start_if_due(self) -> None:
        now = self.ask.clock.now()
        if self.left and now >= self.next_at:
            call = self.state.start_call(self.left.pop(0))
            request = self.stage.apply(self.state.request)
            self.running[self.ask.executor.start(partial(self.ask, call, request, self.deadline))] = call
            self.next_at = now + self.stage.hedge_after

    def record_failure(self, call: TargetCall) -> None:
        """The next one is due at once, or nobody is any more."""
        self.state.record_failure(call)
        self.next_at = self.ask.clock.now()
        if self.state.ended_by:
            self.left.clear()

    def wait(self) -> None:
        """Until one of them ends, or the next one is due."""
        due = self.deadline.no_later_than(self.next_at) if self.left else self.deadline
        self.ask.executor.wait(self.running, due)

    def mark_won(self, winner: TargetCall) -> None:
        """If another that was asked earlier is still running, it is the hedge that has paid off."""
        if winner.result and any(call.started < winner.started for call in self.running.values()):
            winner.result = replace(winner.result, won_hedge=True)

    def winner(self) -> TargetCall | None:
        """The one that has a result, if one has; the others that ended are out, and the next one is due."""
        ended = {task: call for task, call in self.running.items() if task.done()}
        # Failures first, or those of the same moment would pass for outpaced.
        for task, call in sorted(ended.items(), key=lambda pair: bool(pair[1].result)):
            task.result()
            del self.running[task]
            self.ask.record_outcome(call, self.state.request)
            if call.result:
                return call
            self.record_failure(call)

        return None
