"""Minutes of the clock, by which rates are counted."""

from __future__ import annotations

from time import sleep, time

from rerank_gateway.domain.spending.periods import MINUTE_S

ENOUGH_S = 15.0
"""Seconds that are more than a few requests take, on however busy a machine."""


def be_within_a_minute() -> None:
    """Go on when enough is left of the minute that what follows is all in one."""
    left = MINUTE_S - time() % MINUTE_S
    if left < ENOUGH_S:
        sleep(left)
