"""Which function answers a method and a path, by API Gateway's rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Invoke = Callable[[Mapping[str, Any]], Any]
"""Runs a function on an event and returns its result."""

ANY = "ANY"
GREEDY = "+}"


@dataclass(frozen=True, slots=True)
class Route:
    key: str
    invoke: Invoke

    @property
    def method(self) -> str:
        return self.key.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.key.partition(" ")[2]

    def parameters(self, method: str, path: str) -> Mapping[str, str] | None:
        """What stands in *path* for each {placeholder}; None when this is the route of other requests."""
        if self.method not in (method, ANY):
            return None
        found = re.fullmatch("/".join(map(_pattern, self.path.split("/"))), path)
        names = re.findall(r"{([^}+]+)\+?}", self.path)

        return dict(zip(names, found.groups(), strict=True)) if found else None


def most_particular_first(routes: Iterable[Route]) -> list[Route]:
    """*routes* in the order in which API Gateway tries them: fixed text, {placeholder}, {greedy+}, and ANY last."""
    return sorted(routes, key=lambda route: ([_vagueness(part) for part in route.path.split("/")], route.method == ANY))


def _vagueness(part: str) -> int:
    return part.startswith("{") + part.endswith(GREEDY)


def _pattern(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)

    return "(.+)" if part.endswith(GREEDY) else "([^/]+)"
