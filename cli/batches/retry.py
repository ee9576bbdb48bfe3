"""The lines of a batch that failed, once more: their requests as a file of their own, and both results as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from cli.batches.lines import UNNAMED, lines, lines_there, object_of
from cli.batches.run import errors_beside
from cli.batches.whole_file import replacing

DUPLICATE = "duplicate_custom_id"
"""The gateway's code for a line whose name an earlier one has."""


def unanswered(out: Path, errors: Path) -> Container[str]:
    """The `custom_id` of each request that is to be sent once more: it is in *errors*, or in neither file."""
    failed = failed_ids(errors)
    if UNNAMED not in failed and not any(map(_is_duplicate, _errors(errors))):
        return failed

    # What could not be read was told of without its name, and what came twice may have got one of its own.
    return Unanswered(failed, frozenset(name for path in (out, errors) for name, _ in lines_there(path)))


def failed_ids(errors: Path) -> frozenset[str]:
    """
    The `custom_id` of each line in *errors*; none where there is no such file. That of a line whose name came twice is
    not among them: the first may have been answered, and would be paid for again.
    """
    return frozenset(name for name, line in lines_there(errors) if not _is_duplicate(line))


@dataclass(frozen=True, slots=True)
class Unanswered(Container[str]):
    """The names that are in *failed*, and all that are not *told* of."""

    failed: frozenset[str]
    told: frozenset[str]

    def __contains__(self, name: object) -> bool:
        return name in self.failed or name not in self.told


def write_requests(requests: Path, wanted: Container[str], to: Path) -> int:
    """Write those of *requests* that are *wanted* into *to*, as they are, a name once; how many there were."""
    count, written = 0, set[str]()
    with replacing(to) as file:
        for name, line in lines(requests):
            if name in wanted and name not in written:
                file.write(line.rstrip(b"\r\n") + b"\n")
                count += 1
                written |= {name} - {UNNAMED}

    return count


def merge_results(requests: Path, out: Path, retried: Path) -> None:
    """
    Have the results of *retried* in *out*, too, all in the order of *requests*; those of which it knows nothing come
    last. To do it twice is to do it once.
    """
    with replacing(out) as file:
        sources = [_Results(path) for path in (out, retried)]
        for name, _ in lines(requests):
            found = [line for line in (source.take(name) for source in sources) if line]
            file.writelines(found[-1:])
        for source in sources:
            file.writelines(source.rest())


def take_over(requests: Path, out: Path, retried: Path) -> None:
    """Have what came of *retried* in the place of what had failed in *out*."""
    merge_results(requests, out, retried)
    # First: as long as it is there, it is not fetched again, with the errors that are moved now.
    retried.unlink(missing_ok=True)
    errors, failed_again = errors_beside(out), errors_beside(retried)
    with replacing(errors) as file:
        file.writelines(_still_unsent(requests, errors))
        file.writelines(_errors(failed_again))
    if not errors.stat().st_size:
        errors.unlink()
    failed_again.unlink(missing_ok=True)


def _still_unsent(requests: Path, errors: Path) -> list[bytes]:
    """Those of *errors* that are about a name which still comes twice in *requests*."""
    found = [(name, line) for name, line in lines_there(errors) if _is_duplicate(line)]
    doubtful = {name for name, _ in found}
    times = Counter(name for name, _ in lines(requests) if name in doubtful)

    return [line for name, line in found if times[name] > 1]


def _errors(errors: Path) -> Iterator[bytes]:
    return (line for _, line in lines_there(errors))


def _is_duplicate(line: bytes) -> bool:
    return (object_of(line).get("error") or {}).get("code") == DUPLICATE


class _Results:
    """The results in a file one by one, which are in the order of the requests."""

    def __init__(self, path: Path) -> None:
        self._lines = lines_there(path)
        self._next = next(self._lines, None)

    def take(self, name: str) -> bytes | None:
        """The line of that *name*, if it is the next one."""
        if self._next is None or self._next[0] != name:
            return None
        _, line = self._next
        self._next = next(self._lines, None)

        return line

    def rest(self) -> Iterator[bytes]:
        """The lines that were not taken."""
        while self._next:
            yield self._next[1]
            self._next = next(self._lines, None)
