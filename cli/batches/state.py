"""How far a run has come, in a small file beside its results: whoever runs it again goes on from there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from cli.batches.whole_file import replacing
from cli.errors import CommandError, ExitCode


@dataclass(frozen=True, slots=True)
class State:
    """
    *run* makes two attempts to begin its batch the same one; *size* and *modified* are the input's, *params* hold for
    all of its lines. What was *fetched* may have had further results put into it since.
    """

    url: str
    size: int
    modified: int
    params: Mapping[str, Any] = field(default_factory=dict)
    run: str = field(default_factory=lambda: uuid4().hex)
    file_id: str = ""
    batch_id: str = ""
    fetched: bool = False

    def is_about(self, other: State) -> bool:
        """Whether both ask the same of the same input, at the same gateway."""
        mine, others = ((each.url, each.size, each.modified, each.params) for each in (self, other))

        return mine == others


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
        """
        *state* with its *changes*, as it is kept then. Where somebody else goes on with the same run, what they have
        kept before stands: one of two batches would be nobody's.
        """
        known = self.read()
        if known and known.run == state.run:
            state, changes = known, {name: new for name, new in changes.items() if not getattr(known, name)}
        changed = replace(state, **changes)
        with replacing(self.path) as file:
            file.write(json.dumps(asdict(changed)).encode() + b"\n")

        return changed

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def state_of(url: str, requests: Path, params: Mapping[str, Any]) -> State:
    """A run of *requests* with *params* that has not begun yet. Raises CommandError where there is no such file."""
    try:
        facts = requests.stat()
    except OSError as error:
        raise CommandError(f"{requests}: {error.strerror}", ExitCode.USAGE) from None
    if requests.is_dir():
        raise CommandError(f"{requests} is a folder", ExitCode.USAGE)
    if not facts.st_size:
        raise CommandError(f"{requests} is empty", ExitCode.USAGE)

    return State(url, facts.st_size, facts.st_mtime_ns, params)
