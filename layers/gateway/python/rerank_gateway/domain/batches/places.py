"""Places at providers that several workers share, so that all of them together ask no more than one may."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """
    A *holder* wants so many *places* at a *provider* that has *limit* of them, until a moment in epoch seconds; it
    *uses* some of those that it has.
    """

    provider: str
    holder: str
    places: int
    limit: int
    until: float
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """So many *places* that a holder has, of those that it *wants*, until a moment in epoch seconds."""

    places: int
    wants: int
    until: float


@dataclass(frozen=True, slots=True)
class Grant:
    """The *places* that a holder has *until* then. It is to use no more than its *share* of them from now on."""

    places: int
    share: int
    until: float


NO_PLACES = Grant(0, 0, 0.0)


class PlaceStore(Protocol):
    def lease(self, request: PlaceRequest, now: float) -> Grant:
        """What of *request* can be granted beside what others have. Raises Unavailable."""


def granted(request: PlaceRequest, others: Collection[Holding]) -> Grant:
    """All that is free, but no more than a fair share if one of the *others* has less than that; and what is in use."""
    free = max(request.limit - sum(each.places for each in others), 0)
    fair = max(request.limit // (len(others) + 1), 1)
    is_one_short = any(each.places < min(each.wants, fair) for each in others)
    share = fair if is_one_short else request.places
    places = max(min(request.places, share), request.uses)

    return Grant(min(places, free), share, request.until)
