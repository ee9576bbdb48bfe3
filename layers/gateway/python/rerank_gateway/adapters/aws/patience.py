"""How long AWS is waited for, and how often it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.backoff import Backoff

BACKOFF = Backoff(0.2, 3.2)
"""Before a call is tried once more: a caller is waiting."""


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How often a call is tried, and for how many *seconds* each time; how often, where that is more, if it was only
    turned down for coming too fast, which takes no time to learn.
    """

    tries: int = 2
    seconds: float = 4.0
    when_throttled: int = 0

    def allows(self, failures: int, *, throttled: bool) -> bool:
        """Whether there is another try after so many *failures*, the last of which was to be *throttled* or not."""
        return failures < (max(self.tries, self.when_throttled) if throttled else self.tries)


PATIENT, FAIL_FAST = Patience(), Patience(1, 0.5)
"""The other is for what a request can do without."""
STUBBORN = Patience(when_throttled=6)
"""For what no request can do without, and where quotas are low."""
