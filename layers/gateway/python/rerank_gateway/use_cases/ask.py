"""Ask one target, in as many questions as the request takes, and each as often as is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from rerank_gateway.domain.answer import Attempt
from rerank_gateway.domain.cutting import cut
from rerank_gateway.domain.errors import TargetError, TargetTimedOut
from rerank_gateway.domain.health import Health
from rerank_gateway.domain.ports import Clock, Crew, Reranker, Rerankers
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.splitting import Part, merged, split
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.side_by_side import side_by_side

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
"""Seconds; between them the pause doubles from try to try, and each is drawn from the whole of it (full jitter)."""
AT_ONCE = 8
"""Parts of one request that are asked at the same time."""


@dataclass(frozen=True, slots=True)
class Found:
    """A target's checked ranking, what it used up, and the seconds that it took."""

    ranking: Ranking
    usage: Usage
    latency: float


@dataclass(slots=True)
class Pursuit:
    """All that was tried at one target from *started* on, a moment on the clock, and what came of it."""

    target: Target
    started: float
    attempts: list[Attempt] = field(default_factory=list)
    found: Found | None = None

    def failed(self, error: TargetError, now: float) -> None:
        """Note *error*, unless the try that it ended has been noted."""
        if all(attempt.error is not error for attempt in self.attempts):
            self.attempts.append(Attempt(self.target, now - self.started, error))


@dataclass(frozen=True, slots=True)
class Ask:
    rerankers: Rerankers
    clock: Clock
    chance: Random
    crew: Crew
    health: Health

    def __call__(self, target: Target, request: RerankRequest, until: float) -> Pursuit:
        """Ask *target*, till a moment on the clock. Its failures are noted in the pursuit; none is raised."""
        pursuit = Pursuit(target, self.clock.now())
        try:
            reranker = self.rerankers(target.provider)
            profile = reranker.profile(target.model)
            parts = split(cut(request, profile), profile)
            self.health.asked(target, pursuit.started)
            found = self._ask(pursuit, reranker, parts, request, until)
        except TargetError as error:
            pursuit.failed(error, self.clock.now())
            return pursuit
        pursuit.attempts.append(Attempt(target, found.latency, parts=len(parts)))
        pursuit.found = found

        return pursuit

    def _ask(
        self, pursuit: Pursuit, reranker: Reranker, parts: Sequence[Part], request: RerankRequest, until: float
    ) -> Found:
        if len(parts) == 1:
            return self._persistently(pursuit, reranker, parts[0].request, request.retry.count, until)
        # Giving up for one part would waste what the others cost, so each has a second try whatever the request says.
        retries = max(request.retry.count, 1)
        works = [partial(self._persistently, pursuit, reranker, part.request, retries, until) for part in parts]
        found = side_by_side(self.crew, works, AT_ONCE, until)
        rankings = [(part, each.ranking) for part, each in zip(parts, found, strict=True)]
        usage = sum((each.usage for each in found[1:]), found[0].usage)

        return Found(merged(request, rankings), usage, self.clock.now() - pursuit.started)

    def _persistently(
        self, pursuit: Pursuit, reranker: Reranker, request: RerankRequest, retries: int, until: float
    ) -> Found:
        """Ask again where that is worth it, at most *retries* times, and note every failure. Raises the last one."""
        tries = 0
        while True:
            outcome = self._try(pursuit, reranker, request, until)
            if isinstance(outcome, Found):
                return outcome
            if outcome.spare_key and self.clock.now() < until:
                continue
            tries += 1
            pause = self._pause(outcome, request, tries)
            if tries > retries or pause is None or self.clock.now() + pause >= until:
                raise outcome
            self.clock.sleep(pause)

    def _try(self, pursuit: Pursuit, reranker: Reranker, request: RerankRequest, until: float) -> Found | TargetError:
        started, target = self.clock.now(), pursuit.target
        try:
            scores = reranker.rerank(request, target.model, _timeout(request, until - started))
            ranking = Ranking.of(request, scores.pairs, scores.kind)
        except TargetError as error:
            seconds = self.clock.now() - started
            pursuit.attempts.append(Attempt(target, seconds, error))
            self.health.failed(target, error, seconds, self.clock.now())
            return error
        seconds = self.clock.now() - started
        self.health.answered(target, seconds)

        return Found(ranking, scores.usage, seconds)

    def _pause(self, error: TargetError, request: RerankRequest, tries: int) -> float | None:
        """Seconds to wait before try number *tries* + 1, or None when there should be none."""
        if error.status_code not in request.retry.on_codes:
            return None
        drawn = self.chance.uniform(0.0, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (tries - 1)))

        return max(drawn, error.retry_after or 0.0)


def _timeout(request: RerankRequest, left: float) -> float:
    """The seconds that a try has of those that are *left*. Raises TargetTimedOut when there are none."""
    if left <= 0:
        raise TargetTimedOut("the time was over before it could be asked")

    return min(left, request.call_timeout or left)
