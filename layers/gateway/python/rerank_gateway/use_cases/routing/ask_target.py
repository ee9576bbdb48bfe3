"""Ask one target, in as many parts as the request takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from time import gmtime, strftime

from rerank_gateway.domain.circuit_breaker import CircuitBreaker
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetAsleep, TargetCrashed, TargetError, TargetTimedOut
from rerank_gateway.domain.limits.splitting import Part, merge, split
from rerank_gateway.domain.limits.truncation import truncate_texts, unasked_truncation, with_default
from rerank_gateway.domain.ports import BugLog, Executor, Reranker, Rerankers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.domain.wake_times import WakeTimes
from rerank_gateway.use_cases.routing.fan_out import fan_out
from rerank_gateway.use_cases.routing.retry import ProviderCall, Retrying
from rerank_gateway.use_cases.routing.target_call import TargetCall, TargetResult


@dataclass(frozen=True, slots=True)
class AskTarget:
    rerankers: Rerankers
    clock: Clock
    rng: Random
    executor: Executor
    breaker: CircuitBreaker
    log_bug: BugLog
    wake_times: WakeTimes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wake_times", WakeTimes(self.clock))

    def __call__(self, call: TargetCall, request: RerankRequest, deadline: Deadline) -> None:
        """
        Have *call* come to a result before *deadline*, or to failures. They are recorded in it; none is raised, not
        even a bug of ours, as the next target may go well.
        """
        try:
            self._ask(call, request, deadline.cancelled_by(call.cancellation))
        except Exception as bug:  # whatever it is, the plan goes on
            self.log_bug(bug, {"target": str(call.target)[:200]})
            call.fail(TargetCrashed("the gateway failed while it asked; please report the request id"))
        # Whatever parts are still under way are of no use any more.
        call.close()

    def why_passed_over(self, target: Target) -> str:
        """Until when *target* is not asked, as it failed too often."""
        until = self.clock.epoch() + self.breaker.open_for(target)

        return f"circuit open until {strftime('%Y-%m-%dT%H:%M:%SZ', gmtime(until))}"

    def record_outcome(self, call: TargetCall, request: RerankRequest) -> None:
        """
        Tell the breaker what *call* came to, for *request*: once for all of its tries and parts, or one request would
        pass for many. It has ended, or was cancelled.
        """
        last = call.last_try
        if last.error:
            if isinstance(last.error, TargetAsleep):
                self.wake_times.found_asleep(call.target)
            hurried = request.call_timeout is not None
            if self.breaker.record_failure(call.target, last.error, last.latency, hurried=hurried):
                call.opened_circuit()
        else:
            self.breaker.record_success(call.target, last.latency)

    def cancel_all(self, calls: Iterable[TargetCall], request: RerankRequest, error: TargetError) -> None:
        """End *calls*, of which nothing was heard, with *error*."""
        for call in calls:
            call.cancel(error)
            self.record_outcome(call, request)

    def _ask(self, call: TargetCall, request: RerankRequest, deadline: Deadline) -> None:
        try:
            reranker, parts, truncated = self._prepare(call, request)
        except TargetError as error:
            call.fail(error)
            return
        self.breaker.record_call(call.target)
        provider_calls = [ProviderCall(call, reranker, part.request, deadline) for part in parts]
        try:
            result = self._run(provider_calls, request, parts)
            woke_after = self.wake_times.answered(call.target)
            result = replace(result, truncated=result.truncated | truncated) if truncated else result
            call.succeed(result, len(parts), woke_after)
        except TimeoutError:
            call.fail(TargetTimedOut("a part of the documents took too long"))
        except TargetError as error:  # a try's is recorded by now, but not that the parts do not fit together
            if not call.tries:
                call.fail(error)

    def _prepare(self, call: TargetCall, request: RerankRequest) -> tuple[Reranker, Sequence[Part], frozenset[int]]:
        """Who is asked, in which parts, and the documents that had to be truncated for it."""
        reranker = self.rerankers(call.target.provider)
        profile = reranker.profile(call.target.model)
        truncated = truncate_texts(with_default(request, profile), profile)

        return reranker, split(truncated, profile), unasked_truncation(request, truncated, profile)

    def _run(
        self, provider_calls: Sequence[ProviderCall], request: RerankRequest, parts: Sequence[Part]
    ) -> TargetResult:
        retrying, policy = Retrying(self.clock, self.rng), request.retry
        if len(provider_calls) == 1:
            return retrying(provider_calls[0], policy)
        # Giving up for one part would waste what the others cost, so each has a second try whatever the request says.
        policy = replace(policy, count=max(policy.count, 1))
        works = [partial(retrying, provider_call, policy) for provider_call in provider_calls]
        started = provider_calls[0].call.started
        profile = provider_calls[0].reranker.profile(provider_calls[0].call.target.model)
        results = fan_out(self.executor, works, profile.parallel_parts, provider_calls[0].deadline)
        ranking = merge(request, [(part, result.ranking) for part, result in zip(parts, results, strict=True)])

        usage = Usage.total(result.usage for result in results)
        pairs = zip(parts, results, strict=True)
        truncated = frozenset(part.first + index for part, result in pairs for index in result.truncated)

        waited, number = max(result.waited for result in results), results[0].key_number
        seconds = self.clock.now() - started - waited

        return TargetResult(ranking, usage, seconds, truncated=truncated, waited=waited, key_number=number)
