"""When a failed try is worth another one at the same target."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rerank_gateway.domain.backoff import Backoff
from rerank_gateway.domain.errors import TargetError

BACKOFF = Backoff(first_s=0.2, max_s=5.0)
"""Drawn from the whole of the pause ("full jitter")."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often one target is asked again, after which status codes, and how long to wait in between."""

    count: int = 0
    on_codes: frozenset[int] = frozenset({429, 500, 502, 503, 504})
    backoff: Backoff = BACKOFF

    def pause(self, error: TargetError, failures: int, rng: Random) -> float | None:
        """Seconds to wait after *error* came on top of so many *failures*; None when it is not to be tried again."""
        if failures >= self.count or error.status_code not in self.on_codes:
            return None

        return max(self.backoff.pause(failures, rng), error.retry_after or 0.0)


NO_RETRY = RetryPolicy()
