"""The requests of a chaos run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.chaos_outcomes import SECONDS, Json, Outcome
from functions.rerank.app import handler

EVENT = json.loads((Path(__file__).parents[1] / "events/rerank.json").read_text("utf-8"))
MOST_DOCUMENTS = 30


def questions(rng: Random, targets: Sequence[str], count: int) -> Iterator[Json]:
    """
    The bodies of so many requests. Half of them want *targets* in another order, so that each often comes first.

    A tenth may not ask the last of the targets, and another tenth neither the first nor the last.
    """
    for _ in range(count):
        documents = [f"number {place}" for place in range(rng.randint(1, MOST_DOCUMENTS))]
        ignored = rng.choices(([], targets[-1:], [targets[0], targets[-1]]), (8, 1, 1))[0]
        yield {
            "model": "any",
            "query": "which one?",
            "documents": documents,
            "return_documents": rng.random() < 0.5,
            "top_n": rng.choice((1, len(documents), MOST_DOCUMENTS)),
            "retry": {"count": rng.choice((0, 0, 0, 1))},
            "provider": {"order": rng.choice(([], rng.sample(targets, len(targets)))), "ignore": ignored},
        }


def asked(body: Json) -> Outcome:
    """What becomes of the request with this *body*."""
    event = {**EVENT, "body": json.dumps(body)}
    started = time.perf_counter()
    reply = handler(event, Context(started + SECONDS))

    return Outcome(body, reply, time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class Context:
    """What Lambda tells a function that must be done at the moment *until*."""

    until: float
    function_name: str = "benchmark"
    memory_limit_in_mb: str = "1769"
    invoked_function_arn: str = "benchmark"
    aws_request_id: str = "benchmark"

    def get_remaining_time_in_millis(self) -> int:
        return int((self.until - time.perf_counter()) * 1000)
