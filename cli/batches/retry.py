"""The lines of a batch that failed, once more: their requests as a file of their own, and both results as one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cli.batches.run import errors_beside
from cli.errors import CommandError, ExitCode

DUPLICATE = "duplicate_custom_id"
"""The gateway's code for a line whose name an earlier one has."""


def failed_ids(errors: Path) -> frozenset[str]:
    """
    The `custom_id` of each line in *errors*; none where there is no such file. That of a line whose name came twice is
    not among them: the first may have been answered, and would be paid for again.
    """
    lines = _lines(errors) if errors.exists() else ()

    return frozenset(name for name, line in lines if (_object(line).get("error") or {}).get("code") != DUPLICATE)


def write_requests(requests: Path, wanted: frozenset[str], to: Path) -> int:
    """Write those of *requests* that are *wanted* into *to*, as they are; how many there were."""
    part, count = _part(to), 0
    with part.open("wb") as file:
        for name, line in _lines(requests):
            if name in wanted:
                file.write(line.rstrip(b"\r\n") + b"\n")
                count += 1
    part.replace(to)

    return count


def merge_results(requests: Path, out: Path, retried: Path) -> None:
    """Have the results of *retried* in *out*, too, all in the order of *requests*. To do it twice is to do it once."""
    part = _part(out)
    with part.open("wb") as file:
        sources = [_Results(path) for path in (out, retried)]
        for name, _ in _lines(requests):
            found = [line for line in (source.take(name) for source in sources) if line]
            file.writelines(found[-1:])
    part.replace(out)


def take_over(requests: Path, out: Path, retried: Path) -> None:
    """Have what came of *retried* in the place of what had failed in *out*."""
    merge_results(requests, out, retried)
    errors = errors_beside(retried)
    if errors.exists():
        errors.replace(errors_beside(out))
    else:
        errors_beside(out).unlink(missing_ok=True)
    retried.unlink(missing_ok=True)


class _Results:
    """The results in a file one by one, which are in the order of the requests."""

    def __init__(self, path: Path) -> None:
        self._lines = _lines(path) if path.exists() else iter(())
        self._next = next(self._lines, None)

    def take(self, name: str) -> bytes | None:
        """The line of that *name*, if it is the next one."""
        if self._next is None or self._next[0] != name:
            return None
        _, line = self._next
        self._next = next(self._lines, None)

        return line


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each line of *path* with its `custom_id`, "" where it has none. Raises CommandError where it cannot be read."""
    try:
        with path.open("rb") as file:
            for line in file:
                if line.strip():
                    yield _name(line), line
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}", ExitCode.USAGE) from None


def _name(line: bytes) -> str:
    name = _object(line).get("custom_id")

    return name if isinstance(name, str) else ""


def _object(line: bytes) -> dict[str, Any]:
    """What stands in a *line*; nothing where that is no object of JSON."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}

    return found if isinstance(found, dict) else {}


def _part(path: Path) -> Path:
    return path.with_name(path.name + ".part")
