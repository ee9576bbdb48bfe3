"""Places at providers that several workers share, so that all of them together ask no more than one may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PlaceLease:
    """So many *places* at a *provider* that has *limit* of them, for their *holder* until a moment in epoch seconds."""

    provider: str
    holder: str
    places: int
    limit: int
    until: float


class PlaceStore(Protocol):
    def lease(self, wanted: PlaceLease, now: float) -> int:
        """
        How many places the holder has from now on, of those *wanted* as many as others have left. Raises Unavailable.
        """
