"""
What it costs to load the rerank function, against loading the packages that it stands on.

Use: `python benchmarks/cold_start.py [--details]`, with the gateway installed. Each time is taken within a fresh
interpreter from its first statement on, with all bytecode at hand; the probes take turns. "Bare" are just those modules
of other packages that the function has loaded once it has answered its first request.
`--details` lists the slowest of our own modules.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import upstream

GOAL = 1.5
ROUNDS = 15
SHOWN_MODULES = 15
ROOT = Path(__file__).parents[1]

MODELS = ("local/bm25", "cohere/rerank-v3.5")
IMPORT = f"sys.path.insert(0, {str(ROOT / 'functions/rerank')!r}); import app"
ASK = """
class Context:
    def get_remaining_time_in_millis(self):
        return 29_000

reply = app.handler({event!r}, Context())
assert reply["statusCode"] == 200, reply["body"]
"""
PROBE = """
import sys, time
before, started = set(sys.modules), time.perf_counter()
{code}
seconds = time.perf_counter() - started
import json
files = {{name: getattr(sys.modules[name], "__file__", None) for name in sys.modules if name not in before}}
print(json.dumps([seconds, files]), file=sys.stderr)
"""
COST = re.compile(r"import time:\s*(\d+) \|\s*\d+ \|\s*((?:rerank_gateway|app\b)\S*)")
"""A line of `-X importtime` about a module of ours: its own microseconds, without what it imports, and its name."""


@dataclass(frozen=True, slots=True)
class Run:
    """What some code cost a fresh interpreter, and the *files* of the modules that it loaded."""

    milliseconds: float
    files: Mapping[str, str | None]

    @property
    def packages(self) -> list[str]:
        """The modules of other packages, in the order in which they were loaded."""
        return [name for name, file in self.files.items() if "site-packages" in (file or "") and not _is_ours(name)]


def main(details: bool) -> None:
    with upstream.running() as url, TemporaryDirectory() as bytecode:
        # Packages come compiled by pip and our modules may not: all of them find their bytecode in the same place.
        os.environ.update(upstream.settings(url), PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="")
        print(f"Python {platform.python_version()}, medians of {ROUNDS} in ms, goal {GOAL} x bare imports")
        print(f"{'an interpreter, from outside':32}{median(_start() for _ in range(ROUNDS)):7.1f}")
        print(f"{'with its first request':32}{'bare':>7}{'ours':>8}{'ratio':>8}")
        for name, code in {model: _asking(model) for model in MODELS}.items():
            _show(name, *_by_turns(_bare(code), code))
        if details:
            _show_modules()


def _asking(model: str) -> str:
    """Code that imports the function and has it rank with *model*."""
    event = json.loads((ROOT / "events/rerank.json").read_text("utf-8"))
    event["body"] = json.dumps({**json.loads(event["body"]), "model": model})

    return IMPORT + ASK.format(event=event)


def _bare(code: str) -> str:
    """Code that only imports the packages that *code* loads."""
    return "\n".join(f"import {name}" for name in _run(code).packages)


def _by_turns(bare: str, code: str) -> tuple[list[Run], list[Run]]:
    rounds = [(_run(bare), _run(code)) for _ in range(ROUNDS)]

    return [first for first, _ in rounds], [second for _, second in rounds]


def _run(code: str) -> Run:
    told = _interpreter("-c", PROBE.format(code=code))
    seconds, files = json.loads(told.splitlines()[-1])

    return Run(seconds * 1e3, files)


def _interpreter(*arguments: str) -> str:
    """What a fresh interpreter says on standard error; its log goes nowhere. Ends the benchmark when it fails."""
    command = [sys.executable, *arguments]
    finished = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if finished.returncode:
        raise SystemExit(finished.stderr)

    return finished.stderr


def _show(name: str, bare: Sequence[Run], ours: Sequence[Run]) -> None:
    least, taken = median(run.milliseconds for run in bare), median(run.milliseconds for run in ours)
    ratio = taken / least
    boto3 = "boto3 loaded" if any("boto3" in run.files for run in ours) else "no boto3"
    verdict = "met" if ratio <= GOAL else "missed"
    print(f"{name:32}{least:7.1f}{taken:8.1f}{ratio:8.2f} {verdict}, {boto3}")


def _start() -> float:
    before = time.perf_counter()
    _interpreter("-c", "pass")

    return (time.perf_counter() - before) * 1e3


def _show_modules() -> None:
    """List our own modules by what each costs without what it imports, as the median of several looks."""
    looks = [dict(_costs()) for _ in range(ROUNDS)]
    slowest = Counter({name: round(median(look[name] for look in looks)) for name in looks[0]})
    print(f"\nown modules: {len(slowest)}, {slowest.total() / 1e3:.1f} ms; the slowest, in ms")
    for name, microseconds in slowest.most_common(SHOWN_MODULES):
        print(f"{microseconds / 1e3:7.2f}  {name}")


def _costs() -> list[tuple[str, int]]:
    told = _interpreter("-X", "importtime", "-c", f"import sys; {IMPORT}")

    return [(name, int(microseconds)) for microseconds, name in COST.findall(told)]


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == "rerank_gateway"


if __name__ == "__main__":
    main("--details" in sys.argv[1:])
