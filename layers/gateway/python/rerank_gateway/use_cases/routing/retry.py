"""Ask one target again where that is worth it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply, TargetBusy, TargetError, TargetTimedOut, Unavailable
from rerank_gateway.domain.limits.too_long import shortened
from rerank_gateway.domain.limits.truncation import truncated_indices
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """
    One *request* to one *reranker*, as large as it takes, for a *call*. *truncated* are the documents whose texts have
    been shortened since the reranker refused them.
    """

    call: TargetCall
    reranker: Reranker
    request: RerankRequest
    deadline: Deadline
    truncated: frozenset[int] = frozenset()

    def shortened(self, error: TargetError) -> ProviderCall | None:
        """The same with shorter texts, once, if *error* says that one was too long; None where that is no help."""
        if error.too_long is None or self.truncated:
            return None
        limits = self.reranker.profile(self.call.target.model).limits
        request = shortened(self.request, limits, error.too_long)

        return replace(self, request=request, truncated=truncated_indices(self.request, request)) if request else None


@dataclass(frozen=True, slots=True)
class Retrying:
    clock: Clock
    rng: Random

    def __call__(self, provider_call: ProviderCall, policy: RetryPolicy) -> TargetResult:
        """
        The first result, by as many tries as *policy* allows; what was refused as too long is shortened and tried once
        more. Raises the last failure; all of them are recorded.
        """
        failures = 0
        while isinstance(outcome := self._try(provider_call), TargetError):
            if shorter := provider_call.shortened(outcome):
                provider_call = shorter
            elif not outcome.has_spare_key or provider_call.deadline.is_over:
                pause = policy.pause(outcome, failures, self.rng)
                failures += 1
                if pause is None or pause >= provider_call.deadline.remaining():
                    raise outcome
                self.clock.sleep(pause)
            if provider_call.call.cancellation.is_cancelled:
                raise outcome

        return outcome

    def _try(self, provider_call: ProviderCall) -> TargetResult | TargetError:
        started, call = self.clock.now(), provider_call.call
        try:
            return self._ask(provider_call, started)
        except (TargetError, Unavailable) as failure:
            error = _as_target_error(failure)
            call.fail(error, started)
            return error

    def _ask(self, provider_call: ProviderCall, started: float) -> TargetResult:
        request, deadline = provider_call.request, provider_call.deadline
        if deadline.is_over:
            raise TargetTimedOut("the time was over before it could be asked")
        target = provider_call.call.target
        scores = provider_call.reranker.rerank(request, target.model, deadline.within(request.call_timeout))
        ranking = _ranking(request, scores)
        latency = self.clock.now() - started - scores.waited

        return TargetResult(
            ranking,
            scores.usage,
            latency,
            truncated=provider_call.truncated,
            waited=scores.waited,
            key_number=scores.key_number,
        )


def _ranking(request: RerankRequest, scores: ProviderScores) -> Ranking:
    try:
        return Ranking.of(request, scores.pairs, scores.kind, scores.ordered)
    except BadReply as bad:
        bad.waited, bad.key_number = scores.waited, scores.key_number
        raise


def _as_target_error(failure: TargetError | Unavailable) -> TargetError:
    """*failure*; that its keys are out of reach for the moment is no reason not to ask another target."""
    return failure if isinstance(failure, TargetError) else TargetBusy(failure.message, status_code=503)
