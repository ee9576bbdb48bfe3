"""Rank documents: ask the targets of the plan, one after the other, until one of them answers."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rerank_gateway.domain.answer import Answer, Attempt
from rerank_gateway.domain.errors import NoAnswer, OutOfTime, TargetError
from rerank_gateway.domain.ports import Clock, Rerankers
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing import Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
"""Seconds; between them the pause doubles from try to try, and each is drawn from the whole of it (full jitter)."""


@dataclass(frozen=True, slots=True)
class Rerank:
    routing: Routing
    rerankers: Rerankers
    clock: Clock
    chance: Random

    def __call__(self, request: RerankRequest, deadline: float) -> Answer:
        """Answer *request* before *deadline*, a moment on the clock. Raises UnknownModel, NoAnswer or OutOfTime."""
        plan = self.routing.plan(request, self.chance)
        attempts: list[Attempt] = []
        for position, target in enumerate(plan):
            until = self._until(request, deadline, targets=len(plan) - position)
            if found := self._pursue(target, request, until, attempts):
                return Answer(*found, target, tuple(attempts))
        if not attempts:
            raise OutOfTime("no time was left to ask anyone")

        raise NoAnswer(attempts)

    def _until(self, request: RerankRequest, deadline: float, targets: int) -> float:
        """Till when the first of the *targets* left is asked: its share, so that the ones behind it get their turn."""
        if request.call_timeout:
            return deadline
        now = self.clock.now()

        return now + (deadline - now) / targets

    def _pursue(
        self, target: Target, request: RerankRequest, until: float, attempts: list[Attempt]
    ) -> tuple[Ranking, Usage] | None:
        """Ask *target*, again where that is worth it, and note every attempt."""
        tries = 0
        while self.clock.now() < until:
            outcome = self._ask(target, request, until, attempts)
            if not isinstance(outcome, TargetError):
                return outcome
            if outcome.spare_key:
                continue
            tries += 1
            pause = self._pause(outcome, request, tries)
            if pause is None or self.clock.now() + pause >= until:
                return None
            self.clock.sleep(pause)

        return None

    def _ask(
        self, target: Target, request: RerankRequest, until: float, attempts: list[Attempt]
    ) -> tuple[Ranking, Usage] | TargetError:
        started = self.clock.now()
        timeout = min(until - started, request.call_timeout or until - started)
        try:
            scores = self.rerankers(target.provider).rerank(request, target.model, timeout)
            ranking = Ranking.of(request, scores.pairs, scores.kind)
        except TargetError as error:
            attempts.append(Attempt(target, self.clock.now() - started, error))
            return error
        attempts.append(Attempt(target, self.clock.now() - started))

        return ranking.normalized() if request.normalized else ranking, scores.usage

    def _pause(self, error: TargetError, request: RerankRequest, tries: int) -> float | None:
        """Seconds to wait before try number *tries* + 1, or None when there should be none."""
        if tries > request.retry.count or error.status_code not in request.retry.on_codes:
            return None
        drawn = self.chance.uniform(0.0, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (tries - 1)))

        return max(drawn, error.retry_after or 0.0)
