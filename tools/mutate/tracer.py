"""
Which lines of ours run, and for which test: in pytest itself and in the processes that tests start, killed ones too.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

FOLDER = ".mutate"
"""Where a traced copy of the tree keeps its notes."""
LINES, CURRENT, TESTS = "lines", "current", "tests.json"
HOOK = "from pathlib import Path\n\nfrom tools.mutate.tracer import start\n\nstart(Path(__file__).parents[1])\n"
"""A `sitecustomize.py`: Python runs it before all else, in every process that finds it on its path."""

Trace = Callable[[FrameType, str, Any], Any]


@dataclass
class Tracer:
    """Writes each line below *roots* to the file *log* when it first runs for a test."""

    root: Path
    roots: tuple[str, ...]
    log: int
    seen: set[tuple[str, int]] = field(default_factory=set)
    traces: dict[str, Trace | None] = field(default_factory=dict)

    def switch(self, context: str) -> None:
        """From now on lines run for *context*, a test or a file of tests."""
        self.seen = set()
        self._write(f"@{context}\n")

    def trace(self, frame: FrameType, event: str, argument: Any) -> Trace | None:
        file = frame.f_code.co_filename
        try:
            return self.traces[file]
        except KeyError:
            ours = file.startswith(self.roots)
            trace = self.traces[file] = self._line(Path(file).relative_to(self.root).as_posix()) if ours else None

            return trace

    def _line(self, path: str) -> Trace:
        def line(frame: FrameType, event: str, argument: Any) -> Trace:
            ran = (path, frame.f_lineno)
            if ran not in self.seen:
                self.seen.add(ran)
                self._write(f"{path}:{frame.f_lineno}\n")

            return line

        return line

    def _write(self, text: str) -> None:
        # At once, as some of the processes are killed in the middle of their work.
        os.write(self.log, text.encode())


_running: list[Tracer] = []


def start(root: Path) -> None:
    """Trace this process, which runs the tree at *root*."""
    folder = root / FOLDER
    roots = tuple(f"{root}/{name}/" for name in ("layers", "functions"))
    log = os.open(folder / LINES / str(os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    tracer = Tracer(root, roots, log)
    _running.append(tracer)
    # A process that outlives the test that started it serves the whole file.
    current = folder / CURRENT
    tracer.switch(current.read_text().partition("::")[0] if current.exists() else "")
    threading.settrace(tracer.trace)
    sys.settrace(tracer.trace)


def switch(root: Path, test: str) -> None:
    """What this process does from now on, and whatever it starts, is for *test*."""
    (root / FOLDER / CURRENT).write_text(test)
    for tracer in _running:
        tracer.switch(test)
