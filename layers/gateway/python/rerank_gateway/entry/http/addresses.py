"""Which route was meant by an address that has none."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

MAX_PARTS = 20
"""Of a path that may mean a route. Strangers can send longer ones, and each `v1` makes another spelling to look at."""
MAX_COMPARED_CHARS = 100
CLOSE = 0.7
"""How alike two paths must be for one to be near the other, from 0 to 1: at 0.6, all that is short is near."""


class Address(NamedTuple):
    """A route's *key*, `POST /v1/rerank`, and what the placeholders in its path stand for."""

    key: str
    parameters: dict[str, str]

    @property
    def method(self) -> str:
        return self.key.partition(" ")[0]


def at(path: str, keys: Collection[str]) -> Iterator[Address]:
    """The routes among *keys* at *path*, of whatever method: slashes do not count, nor does one `/v1` too many."""
    for parts in _spellings(path):
        for key in keys:
            parameters = _parameters(key.partition(" /")[2].split("/"), parts)
            if parameters is not None:
                yield Address(key, parameters)


def nearest(method: str, path: str, keys: Collection[str]) -> str | None:
    """The key whose path looks most like *path*, of the same *method* if there is one; None where none does."""
    from difflib import get_close_matches  # for those who got lost

    paths = dict.fromkeys(key.partition(" ")[2] for key in keys)
    found = get_close_matches(path[:MAX_COMPARED_CHARS], paths, n=1, cutoff=CLOSE)

    return min((key for key in keys if key.endswith(f" {found[0]}")), key=_other(method)) if found else None


def _other(method: str) -> Callable[[str], bool]:
    """Whether a key is of another method than that."""
    return lambda key: key.partition(" ")[0] != method


def _spellings(path: str) -> Iterator[Sequence[str]]:
    """The parts of *path*: all that are not empty, and then all but one `v1`."""
    parts = [part for part in path.split("/") if part]
    if len(parts) > MAX_PARTS:
        return
    yield parts
    yield from ([*parts[:place], *parts[place + 1 :]] for place, part in enumerate(parts) if part == "v1")


def _parameters(route: Sequence[str], parts: Sequence[str]) -> dict[str, str] | None:
    """What the placeholders in *route* stand for in *parts*; None where they do not match."""
    if route[-1].endswith("+}") and len(parts) > len(route):
        # A greedy placeholder takes all that is left.
        parts = [*parts[: len(route) - 1], "/".join(parts[len(route) - 1 :])]
    if len(parts) != len(route):
        return None
    pairs = list(zip(route, parts, strict=True))
    if any(name != part for name, part in pairs if not name.startswith("{")):
        return None

    return {name.strip("{+}"): part for name, part in pairs if name.startswith("{")}
