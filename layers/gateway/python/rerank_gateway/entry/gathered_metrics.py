"""Metrics of many lines of the log, told together: most of a line's bytes are what CloudWatch reads its metrics by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from threading import Lock
from typing import TypeAlias

from rerank_gateway.entry.metrics import MAX_VALUES, METRICS, Value

By: TypeAlias = tuple[tuple[str, str], ...]
MEASURED = ("Milliseconds", "Percent")
"""Units of which each value counts, for a percentile or a maximum; all others are summed up."""


@dataclass(slots=True)
class GatheredMetrics:
    """For any threads."""

    groups: dict[By, dict[str, list[float]]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, values: Mapping[str, Value], by: Mapping[str, str]) -> None:
        """Keep the *values* of a line *by* its dimensions until they are taken."""
        with self.lock:
            group = self.groups.setdefault(tuple(by.items()), {})
            for name, value in values.items():
                group.setdefault(name, []).extend(value if isinstance(value, list) else [value])

    def taken(self) -> Iterator[tuple[Mapping[str, Value], Mapping[str, str]]]:
        """All that was kept, by its dimensions, in portions of a line each. It is not kept any longer."""
        with self.lock:
            groups, self.groups = self.groups, {}
        for by, kept in groups.items():
            for portion in _portions(kept):
                yield portion, dict(by)


def _portions(kept: Mapping[str, list[float]]) -> Iterator[dict[str, Value]]:
    told = {name: values if METRICS[name].unit in MEASURED else [sum(values)] for name, values in kept.items()}
    for start in count(0, MAX_VALUES):
        parts = {name: values[start : start + MAX_VALUES] for name, values in told.items()}
        portion: dict[str, Value] = {name: part if len(part) > 1 else part[0] for name, part in parts.items() if part}
        if not portion:
            return
        yield portion
