"""
Requests through the rerank function while three of its four providers fail it, each in its own way.

Use: `python benchmarks/chaos.py [--requests N]`, with the gateway and httpx installed. Every request must be answered
before its deadline, by a ranking that is one or by a typed error; if one is not, it is shown and the program exits 1.
Prints what became of them with the circuit breaker and the hedge on and off. `chaos_providers.py` plays the providers,
in a process of its own. SIDE_BY_SIDE requests at a time share one environment, as a worker's jobs do.
"""

from __future__ import annotations

import json
import platform
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import chaos_providers, upstream
from benchmarks.chaos_outcomes import Outcome
from benchmarks.chaos_requests import asked, questions
from benchmarks.chaos_setups import SETUPS, TARGETS, Setup, environment
from benchmarks.own_time import log_to_nowhere

REQUESTS = 2_000
SIDE_BY_SIDE = 8
SEED = 2_000


def main() -> int:
    options = ArgumentParser()
    options.add_argument("--requests", type=int, default=REQUESTS)
    requests: int = options.parse_args().requests
    with log_to_nowhere() as shown:
        print(f"Python {platform.python_version()}, {requests:,} requests, {SIDE_BY_SIDE} at a time", file=shown)
        print("breaker hedge  answered  errors  fell back  hedges won    p50    p99    max  calls", file=shown)
        faults = 0
        for setup in SETUPS:
            outcomes, calls = run(setup, requests)
            print(f"{setup} {_figures(outcomes)} {calls / requests:6.2f}", file=shown)
            for fault in filter(None, (outcome.fault for outcome in outcomes)):
                print(f"  {fault}", file=shown)
                faults += 1

    return int(faults > 0)


def run(setup: Setup, requests: int) -> tuple[list[Outcome], int]:
    """What became of so many requests, and how often providers were asked for it."""
    with upstream.running(chaos_providers.__file__) as urls, environment(setup, json.loads(urls)) as transport:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as callers:
            outcomes = list(callers.map(asked, questions(Random(SEED), TARGETS, requests)))

        return outcomes, transport.sent


def _figures(outcomes: Sequence[Outcome]) -> str:
    """The columns of the table."""
    answered = sum(outcome.is_answer for outcome in outcomes)
    fell_back = sum(outcome.fell_back for outcome in outcomes)
    hedges_won = sum(outcome.hedge_won for outcome in outcomes)
    times = sorted(outcome.seconds * 1e3 for outcome in outcomes)
    half, most = times[len(times) // 2], times[len(times) * 99 // 100]
    counts = f"{answered:9,} {len(outcomes) - answered:7,} {fell_back:10,} {hedges_won:11,}"

    return f"{counts} {half:6.0f} {most:6.0f} {times[-1]:6.0f}"


if __name__ == "__main__":
    sys.exit(main())
