"""Who is asked beside an alias."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Shadow:
    """The *target* that is asked for this *share* of the requests, from 0 to 1, after they have been answered."""

    target: Target
    share: float
