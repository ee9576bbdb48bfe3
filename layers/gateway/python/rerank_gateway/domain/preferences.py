"""Which of an alias's targets a caller would rather have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

SortBy: TypeAlias = Literal["price", "latency"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """*order*, *only* and *ignore* name providers or targets, in lower case."""

    order: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    allow_fallbacks: bool = True
    sort: SortBy | None = None


NO_PREFERENCES = Preferences()
