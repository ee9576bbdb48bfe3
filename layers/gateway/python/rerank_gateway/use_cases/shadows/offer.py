"""Have a second model asked what has just been answered, where the alias says so."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.keys import covers
from rerank_gateway.domain.preferences import NO_PREFERENCES
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.shadows.question import Pair, Ranked, ShadowQuestion, ShadowQueue, ShadowStatus
from rerank_gateway.domain.shadows.shadow import Shadow
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class OfferShadow:
    routing: Routing
    queue: ShadowQueue
    rng: Random

    def __call__(self, request: RerankRequest, answer: Answer, deadline: Deadline) -> ShadowStatus | None:
        """
        Queue the *request* of an alias for its shadow, with the ranks of the *answer*, for the alias's share of the
        requests; None where it is not to be asked. It takes some time, though never what is beyond *deadline*.
        """
        alias = self.routing.aliases.get(request.model)
        shadow = alias.shadow if alias else None
        if shadow is None or self.rng.random() >= shadow.share or not self._is_fit(shadow, request, answer):
            return None
        pair = Pair(request.model, _who_answered(answer), str(shadow.target))

        return self.queue.send(ShadowQuestion(pair, self._asked(shadow, request), Ranked.of(answer)), deadline)

    def _is_fit(self, shadow: Shadow, request: RerankRequest, answer: Answer) -> bool:
        """Whether the shadow may be asked on this caller's behalf, and would be asked the same as who has answered."""
        targets = {attempt.target for attempt in answer.attempts if attempt.answered}
        is_own = bool(targets) and targets <= {*self.routing.targets(request.model)} - {shadow.target}

        # Whoever prefers or rules out providers has not been asked about this one.
        return (
            is_own
            and request.preferences == NO_PREFERENCES
            and self._may_be_asked(request, shadow.target)
            and len(request.texts) > 1
            and not (request.load_balancer or request.images or request.extra_body or request.document_metadata)
        )

    def _may_be_asked(self, request: RerankRequest, target: Target) -> bool:
        """Whoever may use an alias may use what the operator has put behind it; else the target itself is needed."""
        return covers(request.allowed_models, request.model) or covers(request.allowed_models, str(target))

    def _asked(self, shadow: Shadow, request: RerankRequest) -> RerankRequest:
        return RerankRequest(
            model=str(shadow.target),
            query=request.query,
            documents=request.texts,
            texts=request.texts,
            top_n=request.top_n,
            max_tokens_per_doc=request.max_tokens_per_doc,
            default_max_tokens_per_doc=self.routing.resolve(request.model).max_tokens_per_doc,
            truncate=request.truncate,
            instruction=request.instruction,
        )


def _who_answered(answer: Answer) -> str:
    """The target, or all of those whose rankings were fused."""
    return " + ".join(sorted({str(attempt.target) for attempt in answer.attempts if attempt.answered}))
