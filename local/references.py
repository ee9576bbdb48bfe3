"""References in a template, `!Ref` and `!GetAtt`, and what they stand for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Known = Mapping[str, str]
"""What references stand for: `Name` for a `!Ref`, `Name.Attribute` for a `!GetAtt`."""


def resolved(value: Any, known: Known) -> str | None:
    """The text that *value* comes to; None where it refers to something that is not *known* here."""
    match value:
        case {"Ref": name}:
            return known.get(name)
        case {"Fn::GetAtt": [name, attribute]}:
            return known.get(f"{name}.{attribute}")
        case {}:
            return None
        case bool():
            return str(value).lower()

    return str(value)


def filled_in(value: Any, known: Known) -> Any:
    """*value* with what its references stand for in their place."""
    match value:
        case {"Ref": _} | {"Fn::GetAtt": _}:
            return resolved(value, known)
        case dict():
            return {name: filled_in(part, known) for name, part in value.items()}
        case list():
            return [filled_in(part, known) for part in value]

    return value


def referred(value: Any) -> Iterator[str]:
    """The names of all that *value* refers to, however deep inside."""
    match value:
        case {"Ref": name} | {"Fn::GetAtt": [name, _]}:
            yield name
        case dict():
            yield from referred(list(value.values()))
        case list():
            for part in value:
                yield from referred(part)
