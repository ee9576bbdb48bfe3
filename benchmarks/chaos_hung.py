"""
Two hundred callers at a time, of which half meet a provider that hangs, behind a hedge. What is it to the others?

Use: `python benchmarks/chaos_hung.py [--callers N] [--rounds N]`, with the gateway and httpx installed. Prints how long
the callers of a healthy provider wait, while the others' first choice answers and while it hangs, and the ratio of the
two. Exits 1 if one of them got no ranking at its first try, or one of the others none at all. `chaos_steady.py` plays
the providers, in a process of its own; the one that hangs takes connections, and nothing else.
"""

from __future__ import annotations

import json
import os
import platform
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import chaos_steady, upstream
from benchmarks.chaos_requests import EVENT, Context
from benchmarks.own_time import log_to_nowhere
from functions.rerank.app import handler
from rerank_gateway.entry.wiring.gateway import GATEWAY

CALLERS, ROUNDS = 200, 6
HEDGE_AFTER_MS = 60
DEADLINE_S = 28.0
BACKLOG = 4_096
MODELS = ("healthy/any", "hedged")
BODY = {"query": "which one?", "documents": ["a", "b"]}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a caller got after so many *seconds*."""

    status: int
    attempts: Sequence[tuple[str, int]]
    seconds: float


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the callers of the *healthy* provider got, and those whose first choice may hang."""

    healthy: Sequence[Reply]
    hedged: Sequence[Reply]

    @property
    def faults(self) -> list[Reply]:
        """Healthy calls that took more than one try, and hedged ones that nobody answered."""
        troubled = [reply for reply in self.healthy if reply.attempts != [("healthy/any", 200)]]

        return troubled + [reply for reply in self.hedged if reply.status != 200]


def main() -> int:
    options = ArgumentParser()
    options.add_argument("--callers", type=int, default=CALLERS)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    given = options.parse_args()
    with log_to_nowhere() as shown:
        print(f"Python {platform.python_version()}, {given.callers} callers, {given.rounds} rounds", file=shown)
        print(
            "the others' first choice  requests    p50    p99    max  faults   (of the healthy provider, ms)",
            file=shown,
        )
        crowds = {hangs: run(given.callers, given.rounds, hangs=hangs) for hangs in (False, True)}
        for hangs, crowd in crowds.items():
            figures = " ".join(f"{_percentile(crowd.healthy, part) * 1e3:6.0f}" for part in (50, 99, 100))
            name = "hangs" if hangs else "answers"
            print(f"{name:24} {len(crowd.healthy):9,} {figures} {len(crowd.faults):7,}", file=shown)
        ratio = _percentile(crowds[True].healthy, 99) / _percentile(crowds[False].healthy, 99)
        print(f"p99 while it hangs / while it answers: {ratio:.2f}", file=shown)

    return int(any(crowd.faults for crowd in crowds.values()))


def run(callers: int, rounds: int, *, hangs: bool) -> Crowd:
    """What becomes of so many *callers*, who ask so many times each, one after the other."""
    with upstream.running(chaos_steady.__file__) as told, hung_server() as hung:
        urls = json.loads(told)
        with environment(urls | {"first": hung} if hangs else urls), ThreadPoolExecutor(callers) as threads:
            for model in MODELS:
                ask(model)  # whatever is loaded with the first request
            replies = list(threads.map(partial(ask_often, rounds), MODELS * (callers // 2)))

    return Crowd(list(chain(*replies[::2])), list(chain(*replies[1::2])))


@contextmanager
def hung_server() -> Iterator[str]:
    """The address of a server that takes connections, and nothing else."""
    with socket.create_server((upstream.HOST, 0), backlog=BACKLOG) as server:
        yield upstream.url_of(server)


@contextmanager
def environment(urls: Mapping[str, str]) -> Iterator[None]:
    """The function's environment, until the block ends."""
    providers = [f'[providers.{name}]\nlike = "vllm"\nurl = "{url}"' for name, url in urls.items()]
    alias = f'[aliases.hedged]\ntargets = ["first/any", "spare/any"]\nhedge_after_ms = {HEDGE_AFTER_MS}'
    settings = {**upstream.settings(""), "GATEWAY_CONFIG": "\n".join([alias, *providers])}
    with patch.dict(os.environ, settings):
        GATEWAY.close()
        try:
            yield
        finally:
            GATEWAY.close()


def ask_often(rounds: int, model: str) -> list[Reply]:
    return [ask(model) for _ in range(rounds)]


def ask(model: str) -> Reply:
    started = time.perf_counter()
    reply = handler({**EVENT, "body": json.dumps({**BODY, "model": model})}, Context(started + DEADLINE_S))
    said: Any = json.loads(reply["body"])
    attempts = said.get("extra_fields", {}).get("attempts", [])

    return Reply(
        reply["statusCode"],
        [(attempt["target"], attempt["status_code"]) for attempt in attempts],
        time.perf_counter() - started,
    )


def _percentile(replies: Sequence[Reply], part: int) -> float:
    times = sorted(reply.seconds for reply in replies)

    return times[min(len(times) * part // 100, len(times) - 1)]


if __name__ == "__main__":
    sys.exit(main())
