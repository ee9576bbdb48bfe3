"""Which function answers a method and a path, by API Gateway's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from local.cloudformation.template import DEFAULT_ROUTE
from local.lambda_runtime import Invoke

ANY_METHOD = "ANY"
GREEDY_SUFFIX = "+}"


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

    def match(self, method: str, path: str) -> Mapping[str, str] | None:
        """The path parameters, by name, when this is the route of that *method* and *path*; None otherwise."""
        if self.key == DEFAULT_ROUTE:
            return {}
        if self.method not in (method, ANY_METHOD):
            return None
        matched = re.fullmatch("/".join(map(_regex, self.path.split("/"))), path)
        names = re.findall(r"{([^}+]+)\+?}", self.path)

        return dict(zip(names, matched.groups(), strict=True)) if matched else None


def most_specific_first(routes: Iterable[Route]) -> list[Route]:
    """
    *routes* in the order in which API Gateway tries them: fixed text, {placeholder}, {greedy+}, ANY, and $default last.
    """
    return sorted(routes, key=_specificity)


def _specificity(route: Route) -> tuple[list[int], bool]:
    """Sorts the more specific route first, by each part of its path, and by its method last."""
    if route.key == DEFAULT_ROUTE:
        return [len(GREEDY_SUFFIX) + 1], True

    return [_wildcards(part) for part in route.path.split("/")], route.method == ANY_METHOD


def _wildcards(part: str) -> int:
    return part.startswith("{") + part.endswith(GREEDY_SUFFIX)


def _regex(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)

    # A line break in it is a character like any other.
    return "((?s:.+))" if part.endswith(GREEDY_SUFFIX) else "([^/]+)"
