"""All tests once, with a note of the lines that each of them runs."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tools.mutate.tracer import FOLDER, HOOK, LINES, TESTS
from tools.mutate.tree import Copy

OWN_TESTS = "tests/tools"
"""Tests of what never runs on Lambda."""

Lines = Mapping[str, Sequence[int]]
"""Numbers by file."""


def record(tree: Path) -> Mapping[str, object]:
    """The seconds of each test that passes, those that failed, and the lines that ran, as JSON can hold them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy.of(tree, Path(folder) / "tree")
        notes = copy.root / FOLDER
        (notes / LINES).mkdir(parents=True)
        (notes / "sitecustomize.py").write_text(HOOK)
        plugins = ["-p", "no:cacheprovider", "-p", "tools.mutate.recording", f"--ignore={OWN_TESTS}"]
        ran = subprocess.run(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", "-q", *plugins],
            cwd=copy.root,
            env=copy.environment(FOLDER),
            capture_output=True,
            text=True,
            check=False,
        )
        if not (notes / TESTS).exists():
            raise SystemExit(f"The tests do not run:\n{ran.stdout}{ran.stderr}")
        logs = [log.read_text() for log in (notes / LINES).iterdir()]

        return {**json.loads((notes / TESTS).read_text()), "lines": _by_context(logs)}


def _by_context(logs: Iterable[str]) -> Mapping[str, Lines]:
    """The lines that ran for each test or file of tests, by their file."""
    ran: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for log in logs:
        context = ""
        for noted in log.splitlines():
            if noted.startswith("@"):
                context = noted[1:]
            else:
                path, _, line = noted.rpartition(":")
                ran[context][path].add(int(line))

    return {context: {path: sorted(ran[context][path]) for path in ran[context]} for context in ran if context}
