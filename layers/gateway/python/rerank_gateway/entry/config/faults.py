"""Mistakes in a configuration, as whoever has made them reads them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Place = tuple[str | int, ...]
"""The keys that lead to a value, the outermost first."""
MAX_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a *place*, or on a *line* where there is no telling the place, and what to do about it."""

    place: Place
    message: str
    line: int | None = None


class ConfigRefused(ValueError):
    """A configuration with *faults*."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(fault.message for fault in self.faults))


def suggestion(word: str, candidates: Iterable[str]) -> str:
    """`: did you mean cohere?` where one of the *candidates* looks like *word*, or nothing."""
    from difflib import get_close_matches  # only who has made a mistake waits for it

    close = get_close_matches(word.lower(), list(candidates), n=1)

    return f": did you mean {close[0]}?" if close else ""


def listed(candidates: Iterable[str]) -> str:
    """All *candidates*, for a sentence."""
    return ", ".join(sorted(candidates)[:MAX_CANDIDATES])
