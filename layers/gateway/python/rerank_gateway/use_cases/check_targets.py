"""How the targets are that the configuration names, as this environment knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.circuit import Circuit
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import NotAllowed, TargetTimedOut
from rerank_gateway.domain.keys import MASTER_ID, VirtualKey, covers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.routing.ask_target import AskTarget
from rerank_gateway.use_cases.routing.target_call import TargetCall

PROBE_S = 10.0
"""Seconds that a probe may take: a model that has to be loaded first takes longer, and is not ready."""
MAX_PROBES = 50
"""Targets that are asked at the same time, and in all."""
TEXTS = ("ready", "steady")


@dataclass(frozen=True, slots=True)
class TargetHealth:
    """
    What is known of a *target*: its *circuit*, which is open for so many seconds more, and what came of the *probe*, if
    there was one.
    """

    target: Target
    circuit: Circuit
    open_for: float
    probe: Attempt | None = None


@dataclass(frozen=True, slots=True)
class CheckTargets:
    routing: Routing
    ask: AskTarget

    def __call__(self, key: VirtualKey) -> list[TargetHealth]:
        """Those of the targets that *key* may ask for. Nobody is asked."""
        return [self._health(target) for target in self._targets(key)]

    def probe(self, key: VirtualKey, deadline: Deadline) -> list[TargetHealth]:
        """The same after each was asked a tiny question, side by side. Raises NotAllowed for any but the master key."""
        if key.id != MASTER_ID:
            raise NotAllowed("only the stack's own key may have the targets probed", param="probe")
        calls = [TargetCall(target, self.ask.clock, self.ask.clock.now()) for target in self._targets(key)[:MAX_PROBES]]
        self._ask_all(calls, deadline.within(PROBE_S))

        return [self._health(call.target, call.last_try) for call in calls]

    def _ask_all(self, calls: Sequence[TargetCall], deadline: Deadline) -> None:
        started = [
            (self.ask.executor.start(partial(self.ask, call, _question(call.target), deadline)), call) for call in calls
        ]
        while (running := [task for task, _ in started if not task.done()]) and not deadline.is_over:
            self.ask.executor.wait(running, deadline)
        for task, call in started:
            if task.done():
                self.ask.record_outcome(call, _question(call.target))
            else:
                self.ask.cancel_all([call], _question(call.target), TargetTimedOut("no answer in time"))

    def _targets(self, key: VirtualKey) -> list[Target]:
        """Behind the aliases that *key* may ask for, and the last resort, each once."""
        found: list[Target | None] = []
        for name, alias in self.routing.aliases.items():
            if key.allows(name, alias.targets):
                found += [*alias.targets, alias.last_resort]
        last = self.routing.last_resort
        found += [last] if last and covers(key.models, str(last)) else []

        return list(dict.fromkeys(target for target in found if target))

    def _health(self, target: Target, probe: Attempt | None = None) -> TargetHealth:
        return TargetHealth(target, self.ask.breaker.circuit(target), self.ask.breaker.open_for(target), probe)


def _question(target: Target) -> RerankRequest:
    return RerankRequest(model=str(target), query="ready?", documents=TEXTS, texts=TEXTS)
