"""Lines of a file, each with its place for the person who has to mend it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from cli.errors import CommandError, ExitCode

T = TypeVar("T")


def unusable(message: str) -> CommandError:
    return CommandError(message, ExitCode.USAGE)


def parse_lines(file: Path, parse: Callable[[str], T]) -> Iterator[T]:
    """What *parse* makes of each line of *file* that is not blank. Raises CommandError with the line's number."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _parsed(parse, line, f"{file}, line {number}")
    except OSError as error:
        raise unusable(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise unusable(f"{file} is no UTF-8") from None


def json_object(line: str) -> dict[str, Any]:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise TypeError("not a JSON object")

    return found


def _parsed(parse: Callable[[str], T], line: str, place: str) -> T:
    try:
        return parse(line)
    except KeyError as missing:
        raise unusable(f"{place}: {missing.args[0]} is missing") from None
    except (ValueError, TypeError) as wrong:
        raise unusable(f"{place}: {wrong}") from None
