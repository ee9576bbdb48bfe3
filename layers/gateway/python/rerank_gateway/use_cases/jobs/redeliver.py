"""What is to become of a message that is not done with."""

from __future__ import annotations

from dataclasses import dataclass

CLOCK_SKEW_S = 1.0
"""Seconds by which a message comes later than the job is free, as the two are kept by different clocks."""


@dataclass(frozen=True, slots=True)
class Redeliver:
    """The message must come back, after so many seconds."""

    seconds: float
