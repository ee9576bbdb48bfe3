"""Reports of usage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Group: TypeAlias = Literal["day", "team", "key", "model"]
GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, slots=True)
class UsageRow:
    """What was used by those that have the values of *group* in common; *cost* is in billionths of a dollar."""

    group: tuple[str, ...]
    requests: int
    documents: int
    cost: int


@dataclass(frozen=True, slots=True)
class UsageReport:
    """*names* are those that keys have, by id."""

    rows: Sequence[UsageRow]
    total: UsageRow
    names: Mapping[str, str]
