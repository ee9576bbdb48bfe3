"""Ask one target again where that is worth it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetTimedOut, Unavailable
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """One *request* to one *reranker*, as large as it takes, for a *call*."""

    call: TargetCall
    reranker: Reranker
    request: RerankRequest
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class Retrying:
    clock: Clock
    rng: Random
    breaker: CircuitBreaker

    def __call__(self, provider_call: ProviderCall, policy: RetryPolicy) -> TargetResult:
        """The first result, by as many tries as *policy* allows. Raises the last failure; all of them are recorded."""
        failures = 0
        while isinstance(outcome := self._try(provider_call), TargetError):
            if not outcome.has_spare_key or provider_call.deadline.is_over:
                pause = policy.pause(outcome, failures, self.rng)
                failures += 1
                if pause is None or pause >= provider_call.deadline.remaining():
                    raise outcome
                self.clock.sleep(pause)
            if provider_call.call.closed:
                raise outcome

        return outcome

    def _try(self, provider_call: ProviderCall) -> TargetResult | TargetError:
        started, call = self.clock.now(), provider_call.call
        try:
            result = self._ask(provider_call, started)
        except (TargetError, Unavailable) as failure:
            error, latency = _as_target_error(failure), self.clock.now() - started
            call.record(latency, error)
            self.breaker.record_failure(call.target, error, latency)
            return error
        self.breaker.record_success(call.target, result.latency)

        return result

    def _ask(self, provider_call: ProviderCall, started: float) -> TargetResult:
        request, deadline = provider_call.request, provider_call.deadline
        if deadline.is_over:
            raise TargetTimedOut("the time was over before it could be asked")
        target = provider_call.call.target
        scores = provider_call.reranker.rerank(request, target.model, deadline.within(request.call_timeout))
        ranking = Ranking.of(request, scores.pairs, scores.kind, scores.ordered)

        warnings = (f"no effect at {target.provider}: {', '.join(scores.ignored)}",) if scores.ignored else ()

        return TargetResult(ranking, scores.usage, self.clock.now() - started, warnings=warnings)


def _as_target_error(failure: TargetError | Unavailable) -> TargetError:
    """*failure*; that its keys are out of reach for the moment is no reason not to ask another target."""
    error = failure if isinstance(failure, TargetError) else TargetBusy(failure.message, status_code=503)

    # Its traceback leads back to it, and to the request: kept, that would wait for the garbage collector.
    return error.with_traceback(None)
