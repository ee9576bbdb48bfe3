"""As much of CloudWatch Logs Insights' language as the saved queries need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
CONDITION = re.compile(r'([\w.@]+) (=|>=|>|in) (".*?"|\[.*?\]|[\d.]+)|ispresent\(([\w.@]+)\)')
STATISTIC = re.compile(r"(sum|count|max|avg)\(([\w.@*]+)\) as (\w+)")
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda value, wanted: bool(value == wanted),
    ">": lambda value, wanted: bool(value > wanted),
    ">=": lambda value, wanted: bool(value >= wanted),
    "in": lambda value, wanted: value in wanted,
}


def answer(query: str, lines: Iterable[Mapping[str, Any]]) -> list[Row]:
    """What *query* finds in *lines*. Raises ValueError for a command that is not known here."""
    rows = [_flat(line) | {"@timestamp": line["timestamp"]} for line in lines]
    for command in query.split("\n"):
        name, _, rest = command.removeprefix("| ").partition(" ")
        if name not in COMMANDS:
            raise ValueError(f"no command {name!r}")
        rows = COMMANDS[name](rest, rows)

    return rows


def _flat(value: Any, name: str = "") -> Row:
    """A line's fields as CloudWatch names them: `attempts.0.target`."""
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        return {name: value}
    flat: Row = {}
    for key, inner in pairs:
        flat |= _flat(inner, f"{name}.{key}" if name else str(key))

    return flat


def _filter(condition: str, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if any(_holds(part, row) for part in condition.split(" or "))]


def _holds(condition: str, row: Row) -> bool:
    return all(_is_true(part, row) for part in condition.split(" and "))


def _is_true(condition: str, row: Row) -> bool:
    found = CONDITION.fullmatch(condition.strip())
    if not found:
        raise ValueError(f"no condition {condition!r}")
    field, comparison, wanted, present = found.groups()
    if present:
        return row.get(present) is not None

    return row.get(field) is not None and COMPARISONS[comparison](row[field], _literal(wanted))


def _literal(text: str) -> Any:
    return re.findall(r'"(.*?)"', text) if text[0] == "[" else text.strip('"') if text[0] == '"' else float(text)


def _fields(names: str, rows: Sequence[Row]) -> list[Row]:
    return [{name: row.get(name) for name in names.split(", ")} for row in rows]


def _sort(by: str, rows: Sequence[Row]) -> list[Row]:
    name, direction = by.split()
    present = [row for row in rows if row.get(name) is not None]

    return sorted(present, key=lambda row: row[name], reverse=direction == "desc")


def _limit(count: str, rows: Sequence[Row]) -> list[Row]:
    return list(rows[: int(count)])


def _stats(command: str, rows: Sequence[Row]) -> list[Row]:
    statistics, _, names = command.partition(" by ")
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.get(name) for name in names.split(", ")), []).append(row)

    return [
        dict(zip(names.split(", "), key, strict=True)) | _statistics(statistics, group) for key, group in groups.items()
    ]


def _statistics(text: str, rows: Sequence[Row]) -> Row:
    result: Row = {}
    for function, field, name in STATISTIC.findall(text):
        values = [row[field] for row in rows if row.get(field) is not None]
        whole = {"count": len(rows), "sum": sum(values), "max": max(values, default=None)}
        result[name] = whole[function] if function in whole else sum(values) / len(values)

    return result


COMMANDS: Mapping[str, Callable[[str, Sequence[Row]], list[Row]]] = {
    "filter": _filter,
    "fields": _fields,
    "sort": _sort,
    "limit": _limit,
    "stats": _stats,
}
