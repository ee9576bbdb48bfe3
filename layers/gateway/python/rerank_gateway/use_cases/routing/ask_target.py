"""Ask one target, in as many parts as the request takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetError, TargetTimedOut
from rerank_gateway.domain.limits.splitting import Part, merge, split
from rerank_gateway.domain.limits.truncation import truncate_texts
from rerank_gateway.domain.ports import Executor, Reranker, Rerankers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.routing.fan_out import fan_out
from rerank_gateway.use_cases.routing.retry import ProviderCall, Retrying
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult

MAX_PARALLEL_PARTS = 8
"""Parts of one request that are asked at the same time."""


@dataclass(frozen=True, slots=True)
class AskTarget:
    rerankers: Rerankers
    clock: Clock
    rng: Random
    executor: Executor
    breaker: CircuitBreaker

    def __call__(self, call: TargetCall, request: RerankRequest, deadline: Deadline) -> None:
        """Have *call* come to a result before *deadline*, or to failures. They are recorded in it; none is raised."""
        try:
            reranker, parts = self._prepare(call, request)
        except TargetError as error:
            call.fail(error)
            return
        self.breaker.record_call(call.target)
        provider_calls = [ProviderCall(call, reranker, part.request, deadline) for part in parts]
        try:
            call.succeed(self._run(provider_calls, request, parts), len(parts))
        except TimeoutError:
            call.fail(TargetTimedOut("a part of the documents took too long"))
        except TargetError:  # one that is recorded by now
            pass
        # Whatever parts are still under way are of no use any more.
        call.closed = True

    def _prepare(self, call: TargetCall, request: RerankRequest) -> tuple[Reranker, Sequence[Part]]:
        reranker = self.rerankers(call.target.provider)
        profile = reranker.profile(call.target.model)

        return reranker, split(truncate_texts(request, profile), profile)

    def _run(
        self, provider_calls: Sequence[ProviderCall], request: RerankRequest, parts: Sequence[Part]
    ) -> TargetResult:
        retrying, policy = Retrying(self.clock, self.rng, self.breaker), request.retry
        if len(provider_calls) == 1:
            return retrying(provider_calls[0], policy)
        # Giving up for one part would waste what the others cost, so each has a second try whatever the request says.
        policy = replace(policy, count=max(policy.count, 1))
        works = [partial(retrying, provider_call, policy) for provider_call in provider_calls]
        started = provider_calls[0].call.started
        results = fan_out(self.executor, works, MAX_PARALLEL_PARTS, provider_calls[0].deadline)
        ranking = merge(request, [(part, result.ranking) for part, result in zip(parts, results, strict=True)])

        usage = sum((result.usage for result in results), Usage())

        # The parts have the same options, and so the same warnings.
        return TargetResult(ranking, usage, self.clock.now() - started, warnings=results[0].warnings)
