"""Lines of requests and of results, read one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cli.errors import CommandError, ExitCode

UNNAMED = ""
"""Of a line without a `custom_id`, or with one that nobody can read."""


def lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each line of *path* with its `custom_id`, UNNAMED where it has none. Raises CommandError."""
    return ((_name(line), line) for line in texts(path) if line.strip())


def lines_there(path: Path) -> Iterator[tuple[str, bytes]]:
    """The same, and none where there is no such file."""
    return lines(path) if path.exists() else iter(())


def texts(path: Path) -> Iterator[bytes]:
    """Each line of *path* as it is. Raises CommandError where it cannot be read."""
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", ExitCode.USAGE) from None


def numbers_in(requests: Path, sent: Path) -> Mapping[int, int]:
    """The numbers that the lines of *sent* have in *requests*, by those that they have there, as far as they do."""
    left, numbers = enumerate(texts(requests), 1), {}
    for number, line in enumerate(texts(sent), 1):
        if place := next((there for there, each in left if each.rstrip(b"\r\n") == line.rstrip(b"\r\n")), None):
            numbers[number] = place

    return numbers


def _name(line: bytes) -> str:
    name = object_of(line).get("custom_id")

    return name if isinstance(name, str) else UNNAMED


def object_of(line: bytes) -> dict[str, Any]:
    """What stands in a *line*; nothing where that is no object of JSON."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}

    return found if isinstance(found, dict) else {}
