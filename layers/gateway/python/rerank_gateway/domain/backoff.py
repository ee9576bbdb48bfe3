"""How long to wait before something is tried once more."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Backoff:
    """
    Pauses that double from *first_s* to *max_s* seconds. Each is drawn, so that many who wait do not come back at once:
    *jitter* is the share of it that is left to chance.
    """

    first_s: float
    max_s: float
    jitter: float = 1.0

    def pause(self, failures: int, rng: Random) -> float:
        """Seconds to wait after so many *failures* before this one."""
        # The exponent is bounded, as a float is.
        longest = min(self.max_s, self.first_s * 2.0 ** min(failures, 64))

        return rng.uniform(longest * (1 - self.jitter), longest)


NO_BACKOFF = Backoff(0.0, 0.0)
"""For tests that are about something else."""
