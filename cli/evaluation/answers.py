"""What was answered, kept on disk: whoever is interrupted goes on where they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from cli.evaluation.files import unusable


@dataclass(frozen=True, slots=True)
class Answer:
    """
    *ranking* has the documents' indices, best first. *latency_ms* is what the caller waited; *cost* is in USD, None
    where nobody knows. *truncated* is True where documents were cut for a model that cannot read all of them. With
    *error* there is no ranking.
    """

    ranking: Sequence[int] = ()
    latency_ms: float = 0.0
    cost: float | None = None
    truncated: bool = False
    error: str | None = None


class AnswerFile:
    """
    Each answer is a line, written when it comes. Errors are not kept: the next run asks again. A line that was being
    written when the process died is cut off.
    """

    def __init__(self, file: Path) -> None:
        self._file, self._lock = file, Lock()
        self._known = _read(file)

    def get(self, key: str) -> Answer | None:
        return self._known.get(key)

    def keep(self, key: str, answer: Answer) -> None:
        if answer.error is not None:
            return
        with self._lock, self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"key": key, **asdict(answer)}) + "\n")
            self._known[key] = answer


def _read(file: Path) -> dict[str, Answer]:
    if not file.exists():
        return {}
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        with file.open("r+b") as cut:
            cut.truncate(len(whole))

    return _answers(whole, file)


def _answers(content: bytes, file: Path) -> dict[str, Answer]:
    found = {}
    for number, line in enumerate(content.splitlines(), 1):
        try:
            row = json.loads(line)
            key = row.pop("key")
            found[key] = Answer(**row)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise unusable(f"{file}, line {number} is none of this command's answers: use another --out") from None

    return found
