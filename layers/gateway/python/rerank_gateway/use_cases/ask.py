"""Ask one target, in as many questions as the request takes, and each as often as is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from rerank_gateway.domain.answer import Attempt
from rerank_gateway.domain.cutting import cut
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetTimedOut, Unavailable
from rerank_gateway.domain.health import Health
from rerank_gateway.domain.ports import Clock, Crew, Reranker, Rerankers
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.splitting import Part, merged, split
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.pursuit import Found, Pursuit
from rerank_gateway.use_cases.side_by_side import side_by_side

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
"""Seconds; between them the pause doubles from try to try, and each is drawn from the whole of it (full jitter)."""
AT_ONCE = 8
"""Parts of one request that are asked at the same time."""


@dataclass(frozen=True, slots=True)
class Ask:
    rerankers: Rerankers
    clock: Clock
    chance: Random
    crew: Crew
    health: Health

    def __call__(self, pursuit: Pursuit, request: RerankRequest, until: float) -> Pursuit:
        """*pursuit*, done till a moment on the clock. Failures are noted in it; none is raised."""
        target = pursuit.target
        try:
            reranker = self.rerankers(target.provider)
            profile = reranker.profile(target.model)
            parts = split(cut(request, profile), profile)
            self.health.asked(target, pursuit.started)
            found = self._ask(pursuit, reranker, parts, request, until)
        except TargetError as error:
            # Its traceback leads back to it, and to the request: kept, that would wait for the garbage collector.
            pursuit.failed(error.with_traceback(None), self.clock.now())
            # The other parts, if there are any, are of no use any more.
            pursuit.given_up = True
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
        usage = sum((each.usage for each in found), Usage())

        return Found(merged(request, rankings), usage, self.clock.now() - pursuit.started)

    def _persistently(
        self, pursuit: Pursuit, reranker: Reranker, request: RerankRequest, retries: int, until: float
    ) -> Found:
        """Ask again where that is worth it, at most *retries* times, and note every failure. Raises the last one."""
        tries = 0
        while isinstance(outcome := self._try(pursuit, reranker, request, until), TargetError):
            if not outcome.spare_key or self.clock.now() >= until:
                tries += 1
                pause = self._pause(outcome, request, tries)
                if tries > retries or pause is None or self.clock.now() + pause >= until:
                    raise outcome
                self.clock.sleep(pause)
            if pursuit.given_up:
                raise outcome

        return outcome

    def _try(self, pursuit: Pursuit, reranker: Reranker, request: RerankRequest, until: float) -> Found | TargetError:
        started, target = self.clock.now(), pursuit.target
        try:
            scores = reranker.rerank(request, target.model, _timeout(request, until - started))
            ranking = Ranking.of(request, scores.pairs, scores.kind)
        except (TargetError, Unavailable) as failure:
            error = _of_the_target(failure).with_traceback(None)
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


def _of_the_target(failure: TargetError | Unavailable) -> TargetError:
    """*failure*; that its keys are out of reach for the moment is no reason not to ask another target."""
    return failure if isinstance(failure, TargetError) else TargetBusy(failure.message, status_code=503)


def _timeout(request: RerankRequest, left: float) -> float:
    """The seconds that a try has of those that are *left*. Raises TargetTimedOut when there are none."""
    if left <= 0:
        raise TargetTimedOut("the time was over before it could be asked")

    return min(left, request.call_timeout or left)
