"""Errors after which a job may go better later."""

from __future__ import annotations

from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import DeadlineExceeded, RateLimited, TargetBusy, Unavailable


def retryable_errors(error: Exception) -> list[Exception]:
    """Those of the errors behind *error* after which a later try may go better."""
    causes = [attempt.error for attempt in error.attempts] if isinstance(error, AllTargetsFailed) else [error]

    return [cause for cause in causes if isinstance(cause, TargetBusy | RateLimited | Unavailable | DeadlineExceeded)]
