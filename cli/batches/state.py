"""How far a run has come, in a small file beside its results: whoever runs it again goes on from there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from cli.errors import CommandError, ExitCode


@dataclass(frozen=True, slots=True)
class State:
    """
    *run* makes two attempts to begin its batch the same one; *size* and *modified* are the input's. What was *fetched*
    may have had further results put into it since.
    """

    url: str
    size: int
    modified: int
    run: str = field(default_factory=lambda: uuid4().hex)
    file_id: str = ""
    batch_id: str = ""
    fetched: bool = False

    def is_about(self, other: State) -> bool:
        """Whether both are of the same input, at the same gateway."""
        return (self.url, self.size, self.modified) == (other.url, other.size, other.modified)


@dataclass(frozen=True, slots=True)
class StateFile:
    path: Path

    @classmethod
    def beside(cls, results: Path) -> StateFile:
        return cls(results.with_name(results.name + ".batch.json"))

    def read(self) -> State | None:
        """Raises CommandError for what is no such file."""
        if not self.path.exists():
            return None
        try:
            return State(**json.loads(self.path.read_text("utf-8")))
        except (ValueError, TypeError):
            raise CommandError(f"{self.path} cannot be read; remove it to begin anew", ExitCode.USAGE) from None

    def write(self, state: State, **changes: Any) -> State:
        """*state* with its *changes*, as it is kept then."""
        changed = replace(state, **changes)
        part = self.path.with_name(self.path.name + ".part")
        part.write_text(json.dumps(asdict(changed)) + "\n", "utf-8")
        part.replace(self.path)

        return changed

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def state_of(url: str, requests: Path) -> State:
    """A run of *requests* that has not begun yet. Raises CommandError where there is no such file."""
    try:
        facts = requests.stat()
    except OSError as error:
        raise CommandError(f"{requests}: {error.strerror}", ExitCode.USAGE) from None
    if not facts.st_size:
        raise CommandError(f"{requests} is empty", ExitCode.USAGE)

    return State(url, facts.st_size, facts.st_mtime_ns)
