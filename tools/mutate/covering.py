"""Which tests run which lines."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.mutate.tracer import FOLDER, HOOK, LINES, TESTS
from tools.mutate.tree import Copy

CACHE = ".mutate_cache"
OWN_TESTS = "tests/tools"
WATCHED = ("layers", "functions", "local", "tests")
"""Folders on which the answer depends."""
UNWATCHED = {"__pycache__", "node_modules", OWN_TESTS}


@dataclass(frozen=True)
class Covering:
    """The *seconds* of each test that passes, and the tests by file and line. Tests that *failed* tell nothing."""

    seconds: Mapping[str, float]
    lines: Mapping[str, Mapping[int, frozenset[str]]]
    failed: Sequence[str] = ()

    def tests(self, path: str, first: int, last: int) -> frozenset[str]:
        """Those that run something of *path* from the *first* to the *last* line."""
        lines = self.lines.get(path, {})

        return frozenset(test for line, tests in lines.items() if first <= line <= last for test in tests)

    def below(self, folders: Iterable[str]) -> frozenset[str]:
        """Those whose files lie in one of *folders*."""
        prefixes = tuple(f"{folder}/" for folder in folders)

        return frozenset(test for test in self.seconds if test.startswith(prefixes))


def covering(tree: Path) -> Covering:
    """As remembered for *tree* as it is now, or else by running all its tests once."""
    file = tree / CACHE / f"{_fingerprint(tree)}.json"
    if not file.exists():
        noted = json.dumps(_record(tree))
        file.parent.mkdir(exist_ok=True)
        (file.parent / ".gitignore").write_text("*\n")
        file.write_text(noted)

    return _read(json.loads(file.read_text()))


def _record(tree: Path) -> Mapping[str, object]:
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


def _by_context(logs: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The lines that ran for each test or file of tests."""
    ran = defaultdict(set)
    for log in logs:
        context = ""
        for line in log.splitlines():
            if line.startswith("@"):
                context = line[1:]
            else:
                ran[context].add(line)

    return {context: sorted(lines) for context, lines in ran.items() if context}


def _read(noted: Mapping[str, Mapping[str, Sequence[str]]]) -> Covering:
    seconds: Mapping[str, float] = noted["passed"]  # type: ignore[assignment]  # JSON
    files = defaultdict(set)
    for test in seconds:
        files[test.partition("::")[0]].add(test)
    found: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for context, lines in noted["lines"].items():
        tests = {context} & seconds.keys() if "::" in context else files[context]
        for path, _, line in (line.rpartition(":") for line in lines):
            found[path][int(line)] |= tests
    frozen = {path: {line: frozenset(tests) for line, tests in lines.items()} for path, lines in found.items()}

    return Covering(seconds, frozen, tuple(noted["failed"]))


def _fingerprint(tree: Path) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for folder in WATCHED:
        for file in sorted((tree / folder).rglob("*")):
            path = file.relative_to(tree)
            if file.is_file() and not UNWATCHED & {*path.parts, path.parent.as_posix()}:
                digest.update(f"{path}\n".encode() + file.read_bytes())

    return digest.hexdigest()[:16]
