"""
`python -m tools.mutate`: put small mistakes into copies of the code, one at a time, and see whether a test notices.

The working tree is never changed. Which test runs which line is found out once, and kept in `.mutate_cache/`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tools.mutate import reasons, report
from tools.mutate.choice import choose
from tools.mutate.covering import Covering, covering
from tools.mutate.mutants import Mutant
from tools.mutate.rooms import rooms
from tools.mutate.tree import Copy
from tools.mutate.trial import Fate, Trial, Verdict

CONTROLS = 100
"""Tests that must pass without a mutant, or nothing that follows would mean anything."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Report to stdout; 1 if too many mutants live."""
    asked = _asked(arguments)
    tree = Path.cwd()
    chosen = choose(rooms(tree), asked.count, asked.seed, asked.only)
    mutants = [(room, mutant) for room, these in chosen.items() for mutant in these]
    covered = covering(tree)
    _say(*(f"left out, as it fails without a mutant: {test}" for test in covered.failed))
    verdicts = _tried(tree, mutants, covered, asked)
    _say("", report.survivors(verdicts, reasons.reasons(reasons.FILE.read_text())), "", report.table(verdicts))

    return int(report.killed(verdicts) < report.ENOUGH)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.mutate", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another number, other mutants")
    parser.add_argument("--count", type=int, default=150, help="how many mutants")
    parser.add_argument("--only", default="*", help="a pattern for FILE:FUNCTION, such as 'domain/*' or ':Health.*'")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    parser.add_argument("--seconds", type=float, default=120.0, help="of tests, at most, for one mutant")

    return parser.parse_args(arguments)


def _tried(
    tree: Path, mutants: Sequence[tuple[str, Mutant]], covered: Covering, asked: argparse.Namespace
) -> Sequence[Verdict]:
    free: SimpleQueue[Trial] = SimpleQueue()

    def verdict(one: tuple[str, Mutant]) -> Verdict:
        trial = free.get()
        try:
            found = trial(*one)
        finally:
            free.put(trial)
        mutant = found.mutant
        _say(f"{found.fate:11} {found.seconds:5.0f} s  {mutant.path}:{mutant.line}  {found.test}")

        return found

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.jobs) as pool:
        for job in range(asked.jobs):
            free.put(_ready(Trial(Copy.of(tree, Path(folder) / str(job)), covered, asked.seconds)))

        return list(pool.map(verdict, mutants))


def _ready(trial: Trial) -> Trial:
    fate, test = trial.run(sorted(trial.covered.seconds, key=trial.covered.seconds.__getitem__)[:CONTROLS])
    if fate is not Fate.SURVIVED:
        raise SystemExit(f"The tests fail without a mutant: {test}")

    return trial


def _say(*lines: str) -> None:
    print(*lines, sep="\n", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
