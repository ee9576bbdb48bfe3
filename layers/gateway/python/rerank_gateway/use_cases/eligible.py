"""Which targets keep the constraints of a request."""

from __future__ import annotations

from rerank_gateway.domain.constraints import NO_CONSTRAINTS
from rerank_gateway.domain.eligibility import Violation, no_violation, violation
from rerank_gateway.domain.errors import TargetError
from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target


def violation_by(rerankers: Rerankers, request: RerankRequest) -> Violation:
    """What finds the constraint of *request* that a target does not keep."""
    if request.preferences.constraints == NO_CONSTRAINTS:
        return no_violation

    return lambda target: violation(request, profile_of(rerankers, target))


def profile_of(rerankers: Rerankers, target: Target) -> Profile | None:
    """What is known of *target*; None where it is not configured."""
    try:
        return rerankers(target.provider).profile(target.model)
    except TargetError:
        return None
