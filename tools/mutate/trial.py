"""One mutant before the tests."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tools.mutate.covering import Covering
from tools.mutate.mutants import Mutant
from tools.mutate.picking import VARIABLE
from tools.mutate.rooms import tests_of
from tools.mutate.tree import Copy

FIRST = 5.0
"""Seconds of tests that run before the others are even imported. Most mutants live no longer."""
GRACE = 60.0
"""Seconds to start pytest and to be slow by chance."""
PATIENCE = 4.0
"""How many times longer than usual the tests may take."""


class Fate(StrEnum):
    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    NOT_COVERED = "not covered"


@dataclass(frozen=True)
class Verdict:
    """What became of *mutant* of *room*, by which *test*, in how many *seconds*."""

    room: str
    mutant: Mutant
    fate: Fate
    seconds: float = 0.0
    test: str = ""

    @property
    def is_alive(self) -> bool:
        return self.fate in (Fate.SURVIVED, Fate.NOT_COVERED)


@dataclass(frozen=True)
class Trial:
    """Runs tests in *copy*, for each mutant at most so many *seconds* of them as *covered* knows them."""

    copy: Copy
    covered: Covering
    seconds: float

    def __call__(self, room: str, mutant: Mutant) -> Verdict:
        start = time.monotonic()
        covering = self.covered.tests(mutant.path, mutant.place.first, mutant.place.last)
        related = self.covered.below(tests_of(room)) if mutant.place.early or not covering else frozenset()
        fate, test = Fate.SURVIVED if covering else Fate.NOT_COVERED, ""
        with self.copy.edited(mutant.path, mutant.data):
            for batch in (*self._batches(covering), *self._batches(related - covering)):
                ended, test = self.run(batch)
                if ended is not Fate.SURVIVED:
                    fate = ended
                    break

        return Verdict(room, mutant, fate, time.monotonic() - start, test)

    def run(self, tests: Sequence[str]) -> tuple[Fate, str]:
        """What becomes of the copy as it is, and the test that found it out."""
        listed = self.copy.root / ".mutate-tests.json"
        listed.write_text(json.dumps(tests))
        files = dict.fromkeys(test.partition("::")[0] for test in tests)
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "tools.mutate.picking", "--hypothesis-seed=0"]
        limit = GRACE + PATIENCE * sum(self.covered.seconds[test] for test in tests)
        with subprocess.Popen(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", *options, *files],
            cwd=self.copy.root,
            env=self.copy.environment(**{VARIABLE: str(listed)}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return Fate.TIMEOUT, ""
        found = re.findall(r"^(?:FAILED|ERROR) (\S.*?)(?: - .*)?$", said, re.MULTILINE)

        return (Fate.KILLED, found[0] if found else said[-300:]) if process.returncode else (Fate.SURVIVED, "")

    def _batches(self, tests: frozenset[str]) -> Iterator[Sequence[str]]:
        """*tests*, those of the quickest files first."""
        cost: dict[str, float] = {}
        for test in tests:
            file = test.partition("::")[0]
            cost[file] = cost.get(file, 0) + self.covered.seconds[test]
        spent, batches = 0.0, ([], [])  # type: tuple[float, tuple[list[str], list[str]]]
        for test in sorted(tests, key=lambda test: (cost[test.partition("::")[0]], self.covered.seconds[test], test)):
            spent += self.covered.seconds[test]
            if spent < self.seconds:
                batches[spent > FIRST].append(test)

        return (batch for batch in batches if batch)
