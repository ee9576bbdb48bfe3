"""References in a template, `!Ref` and `!GetAtt`, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

ReferenceValues = Mapping[str, str]
"""The values of references: `Name` for a `!Ref`, `Name.Attribute` for a `!GetAtt`."""


def resolve(value: Any, values: ReferenceValues) -> str | None:
    """*value* as text; None where it refers to something that is not in *values*."""
    match value:
        case {"Ref": name}:
            return values.get(name)
        case {"Fn::GetAtt": [name, attribute]}:
            return values.get(f"{name}.{attribute}")
        case {}:
            return None
        case bool():
            return str(value).lower()

    return str(value)


def substitute(value: Any, values: ReferenceValues) -> Any:
    """*value* with its references replaced by their *values*, however deep inside."""
    match value:
        case {"Ref": _} | {"Fn::GetAtt": _}:
            return resolve(value, values)
        case dict():
            return {name: substitute(part, values) for name, part in value.items()}
        case list():
            return [substitute(part, values) for part in value]

    return value


def referenced_names(value: Any) -> Iterator[str]:
    """The names of all that *value* refers to, however deep inside."""
    match value:
        case {"Ref": name} | {"Fn::GetAtt": [name, _]}:
            yield name
        case dict():
            yield from referenced_names(list(value.values()))
        case list():
            for part in value:
                yield from referenced_names(part)
