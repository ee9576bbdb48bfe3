"""On which line of a TOML text a value stands. The standard library's parser keeps no places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from rerank_gateway.entry.config.faults import Place

TABLE = re.compile(r"\s*\[(?P<keys>[^\[\]]+)\]\s*(#.*)?$")
ASSIGNMENT = re.compile(r"\s*(?P<keys>(?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")


def line_of(text: str, place: Place) -> int:
    """The line, from 1, of the value at *place* in *text*, or of the innermost one around it that stands there."""
    lines: dict[Place, int] = {}
    for found, number in _places(text):
        lines.setdefault(found, number)
    known = (place[:length] for length in range(len(place), 0, -1))

    return next((lines[each] for each in known if each in lines), 1)


def _places(text: str) -> Iterator[tuple[Place, int]]:
    """Each table and key of *text*, and each text in a list, with its line."""
    table: Place = ()
    key: Place = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := TABLE.match(line):
            table = key = _keys(header["keys"])
        elif assignment := ASSIGNMENT.match(line):
            key = (*table, *_keys(assignment["keys"]))
        yield key, number
        yield from (((*key, word), number) for word in re.findall(r"[\"']([^\"']*)[\"']", line))


def _keys(written: str) -> Place:
    """The single keys of a dotted one."""
    nested: Mapping[str, Any] = tomllib.loads(f"{written} = 0")
    keys = []
    while isinstance(nested, Mapping):
        key, nested = next(iter(nested.items()))
        keys.append(key)

    return tuple(keys)
