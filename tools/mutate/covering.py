"""Which tests run which lines."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.mutate.record import OWN_TESTS, Lines, record

CACHE = ".mutate_cache"
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
    """As kept for *tree* as it is now, or else by running all its tests once."""
    file = tree / CACHE / f"{_fingerprint(tree)}.json"
    if not file.exists():
        noted = json.dumps(record(tree))
        shutil.rmtree(file.parent, ignore_errors=True)
        file.parent.mkdir()
        (file.parent / ".gitignore").write_text("*\n")
        file.write_text(noted)

    return _read(**json.loads(file.read_text()))


def _read(seconds: Mapping[str, float], failed: Sequence[str], lines: Mapping[str, Lines]) -> Covering:
    found: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for context, ran in lines.items():
        tests = {context} & seconds.keys() or {test for test in seconds if test.startswith(f"{context}::")}
        for path, numbers in ran.items():
            for number in numbers:
                found[path][number] |= tests
    frozen = {path: {line: frozenset(tests) for line, tests in lines.items()} for path, lines in found.items()}

    return Covering(seconds, frozen, failed)


def _fingerprint(tree: Path) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for folder in WATCHED:
        for file in sorted((tree / folder).rglob("*")):
            path = file.relative_to(tree)
            if file.is_file() and not UNWATCHED & {*path.parts, path.parent.as_posix()}:
                digest.update(f"{path}\n".encode() + file.read_bytes())

    return digest.hexdigest()[:16]
