"""Ask one target, in as many questions as the request takes, and each as often as is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from rerank_gateway.domain.answer import Attempt
from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetTimedOut, Unavailable
from rerank_gateway.domain.limits.splitting import Part, merge, split
from rerank_gateway.domain.limits.truncation import truncate_texts
from rerank_gateway.domain.ports import Clock, Executor, Reranker, Rerankers
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.routing.fan_out import fan_out
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult

FIRST_BACKOFF_S = 0.2
MAX_BACKOFF_S = 5.0
"""Seconds; between them the pause doubles from try to try, and each is drawn from the whole of it (full jitter)."""
MAX_PARALLEL_PARTS = 8
"""Parts of one request that are asked at the same time."""


@dataclass(frozen=True, slots=True)
class AskTarget:
    rerankers: Rerankers
    clock: Clock
    rng: Random
    executor: Executor
    breaker: CircuitBreaker

    def __call__(self, call: TargetCall, request: RerankRequest, until: float) -> TargetCall:
        """*call*, done till a moment on the clock. Failures are noted in it; none is raised."""
        target = call.target
        try:
            reranker = self.rerankers(target.provider)
            profile = reranker.profile(target.model)
            parts = split(truncate_texts(request, profile), profile)
            self.breaker.asked(target, call.started)
            found = self._ask(call, reranker, parts, request, until)
        except TargetError as error:
            # Its traceback leads back to it, and to the request: kept, that would wait for the garbage collector.
            call.failed(error.with_traceback(None), self.clock.now())
            # The other parts, if there are any, are of no use any more.
            call.cancelled = True
            return call
        call.attempts.append(Attempt(target, found.latency, parts=len(parts)))
        call.found = found

        return call

    def _ask(
        self, call: TargetCall, reranker: Reranker, parts: Sequence[Part], request: RerankRequest, until: float
    ) -> TargetResult:
        if len(parts) == 1:
            return self._persistently(call, reranker, parts[0].request, request.retry.count, until)
        # Giving up for one part would waste what the others cost, so each has a second try whatever the request says.
        retries = max(request.retry.count, 1)
        works = [partial(self._persistently, call, reranker, part.request, retries, until) for part in parts]
        found = fan_out(self.executor, works, MAX_PARALLEL_PARTS, until)
        rankings = [(part, each.ranking) for part, each in zip(parts, found, strict=True)]
        usage = sum((each.usage for each in found), Usage())

        return TargetResult(merge(request, rankings), usage, self.clock.now() - call.started)

    def _persistently(
        self, call: TargetCall, reranker: Reranker, request: RerankRequest, retries: int, until: float
    ) -> TargetResult:
        """Ask again where that is worth it, at most *retries* times, and note every failure. Raises the last one."""
        tries = 0
        while isinstance(outcome := self._try(call, reranker, request, until), TargetError):
            if not outcome.has_spare_key or self.clock.now() >= until:
                tries += 1
                pause = self._pause(outcome, request, tries)
                if tries > retries or pause is None or self.clock.now() + pause >= until:
                    raise outcome
                self.clock.sleep(pause)
            if call.cancelled:
                raise outcome

        return outcome

    def _try(
        self, call: TargetCall, reranker: Reranker, request: RerankRequest, until: float
    ) -> TargetResult | TargetError:
        started, target = self.clock.now(), call.target
        try:
            scores = reranker.rerank(request, target.model, _timeout(request, until - started))
            ranking = Ranking.of(request, scores.pairs, scores.kind)
        except (TargetError, Unavailable) as failure:
            error = _as_target_error(failure).with_traceback(None)
            seconds = self.clock.now() - started
            call.attempts.append(Attempt(target, seconds, error))
            self.breaker.failed(target, error, seconds, self.clock.now())
            return error
        seconds = self.clock.now() - started
        self.breaker.answered(target, seconds)

        return TargetResult(ranking, scores.usage, seconds)

    def _pause(self, error: TargetError, request: RerankRequest, tries: int) -> float | None:
        """Seconds to wait before try number *tries* + 1, or None when there should be none."""
        if error.status_code not in request.retry.on_codes:
            return None
        drawn = self.rng.uniform(0.0, min(MAX_BACKOFF_S, FIRST_BACKOFF_S * 2.0 ** (tries - 1)))

        return max(drawn, error.retry_after or 0.0)


def _as_target_error(failure: TargetError | Unavailable) -> TargetError:
    """*failure*; that its keys are out of reach for the moment is no reason not to ask another target."""
    return failure if isinstance(failure, TargetError) else TargetBusy(failure.message, status_code=503)


def _timeout(request: RerankRequest, left: float) -> float:
    """The seconds that a try has of those that are *left*. Raises TargetTimedOut when there are none."""
    if left <= 0:
        raise TargetTimedOut("the time was over before it could be asked")

    return min(left, request.call_timeout or left)
