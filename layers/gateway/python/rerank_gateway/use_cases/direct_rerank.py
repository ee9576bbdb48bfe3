"""Rank with a provider's own key, which the caller has brought along: with it nobody else is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import NotAllowed, NotAuthenticated, TargetRejectedKey
from rerank_gateway.domain.keys import DirectKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.use_cases.authorize import Authorize
from rerank_gateway.use_cases.rerank import Rerank


@dataclass(frozen=True, slots=True)
class DirectRerank:
    """
    *authorized* and *rerank* go by a routing without last resorts, and ask with one caller's key. *refusal* says why a
    provider takes none, "" where it does.
    """

    authorized: Authorize
    rerank: Rerank
    refusal: Callable[[str], str]

    def authorize(self, key: DirectKey, request: RerankRequest) -> RerankRequest:
        """
        The *request* by the names of those it asks for. Raises what Authorize raises, and NotAllowed where they are of
        several providers, or of one that takes no key of a caller's.
        """
        request = self.authorized(key, request)
        provider = self._only_provider(request)
        if reason := self.refusal(provider):
            raise NotAllowed(f"{provider} takes no key of the caller's own: {reason}", param="model")

        return request

    def __call__(self, request: RerankRequest, deadline: Deadline) -> Answer:
        """
        A new answer: nothing is looked up in the cache, or kept in it. Raises NotAuthenticated or NotAllowed where the
        provider turns the key down, and otherwise what Rerank raises.
        """
        try:
            return self.rerank(request, deadline)
        except AllTargetsFailed as failed:
            if isinstance(failed.primary_error, TargetRejectedKey):
                raise _rejected(failed.primary_target.provider, failed.primary_error) from None
            raise

    def _only_provider(self, request: RerankRequest) -> str:
        """The provider of everyone whom *request* names. Raises NotAllowed where there are several."""
        found: dict[str, None] = {}
        for name in request.models:
            found |= dict.fromkeys(target.provider for target in self.rerank.routing.targets(name))
            if len(found) > 1:
                message = f"a provider's own key is for that provider alone, and {name[:200]!r} would ask others too"
                raise NotAllowed(message, param="fallbacks" if name in request.fallbacks else "model")

        return next(iter(found))


def _rejected(provider: str, error: TargetRejectedKey) -> NotAuthenticated | NotAllowed:
    """That it is the caller's own key which *provider* has turned down."""
    if error.status_code == TargetRejectedKey.status:
        message = f"this is no key of this gateway, and {provider} does not accept it either"
        return NotAuthenticated(message, reason="direct_key_rejected")

    return NotAllowed(
        f"{provider} answered {error.status_code}: the key may not ask for this model, or its account is empty"
    )
