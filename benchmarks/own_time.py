"""
What the gateway adds to a request, against a handler that only validates, asks with httpx and dumps.

Use: `python benchmarks/own_time.py`, with the gateway and httpx installed. Both handlers run in this process and ask
the same upstream, by turns, so that noise hits both. The gateway logs and counts as always, to /dev/null. Once it has
only its provider's address configured, and once everything that there is, of which the request makes no use. Prints
medians of wall time; "own code" is the gateway with its transport replaced by one that has the reply ready.
"""

from __future__ import annotations

import json
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TextIO

import httpx
from pydantic import BaseModel

from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Transport
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.entry.wiring.gateway import GATEWAY

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import upstream
from functions.rerank.app import handler

GOAL = 1.25
ROUNDS = {10: 1500, 100: 800, 1000: 150}
"""How often each side is asked, by the number of documents."""
WARM_UP = 20
WORDS_A_DOCUMENT = 120
EVENT = json.loads((Path(__file__).parents[1] / "events/rerank.json").read_text("utf-8"))

Event = Mapping[str, Any]


def main() -> None:
    with upstream.running() as url, log_to_nowhere() as shown:
        print(f"Python {platform.python_version()}, medians in ms, goal {GOAL}", file=shown)
        for name, settings in (("little", upstream.settings(url)), ("everything", upstream.all_settings(url))):
            os.environ.update(settings)
            for return_documents in (False, True):
                print(f"\n{name} configured, return_documents {str(return_documents).lower()}", file=shown)
                print("documents     bare  gateway    ratio        own code", file=shown)
                for line in _lines(url, return_documents):
                    print(line, file=shown)


def _lines(url: str, return_documents: bool) -> Iterator[str]:
    for documents, rounds in ROUNDS.items():
        event = _event(documents, return_documents)
        yield _line(documents, *_compared(event, url, rounds), _own_code(event, documents, rounds))


@contextmanager
def log_to_nowhere() -> Iterator[TextIO]:
    """Standard output goes to /dev/null, whoever holds it by now; yields the way to the real one."""
    with open(os.dup(1), "w", buffering=1) as real, open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        try:
            yield real
        finally:
            sys.stdout.flush()
            os.dup2(real.fileno(), 1)


def _event(documents: int, return_documents: bool) -> Event:
    body = {
        "model": "cohere/rerank-v3.5",
        "query": "How tall is the Eiffel Tower?",
        "documents": list(texts(documents)),
        "return_documents": return_documents,
    }

    return {**EVENT, "body": json.dumps(body)}


def texts(count: int) -> Iterator[str]:
    rng = random.Random(120)
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randint(2, 10))) for _ in range(5000)]
    for _ in range(count):
        yield " ".join(rng.choices(words, k=WORDS_A_DOCUMENT))


def _compared(event: Event, url: str, rounds: int) -> tuple[float, float]:
    with httpx.Client() as client:
        GATEWAY.close()
        bare, gateway = medians(rounds, partial(bare_handler, client, url, event), partial(handler, event, Context()))

    return bare, gateway


def _own_code(event: Event, documents: int, rounds: int) -> float:
    GATEWAY.close()
    # The property keeps what it made in the instance's own dictionary, and finds this there.
    vars(GATEWAY.lasting)["transport"] = ReadyReply(upstream.reply_to(documents))

    return medians(rounds, partial(handler, event, Context()))[0]


def medians(rounds: int, *sides: Callable[[], Mapping[str, Any]]) -> list[float]:
    """The median milliseconds of each of *sides*, which take turns."""
    taken: list[list[float]] = [[] for _ in sides]
    for _ in range(WARM_UP + rounds):
        for side, times in zip(sides, taken, strict=True):
            times.append(_milliseconds(side))

    return [median(times[WARM_UP:]) for times in taken]


def _milliseconds(side: Callable[[], Mapping[str, Any]]) -> float:
    before = time.perf_counter()
    reply = side()
    after = time.perf_counter()
    if reply["statusCode"] != 200:
        raise SystemExit(f"this was to be timed, not refused: {reply['body']}")

    return (after - before) * 1e3


def _line(documents: int, bare: float, gateway: float, own: float) -> str:
    verdict = "met" if gateway / bare <= GOAL else "missed"

    return f"{documents:9,} {bare:8.2f} {gateway:8.2f} {gateway / bare:8.2f} {verdict:6} {own:8.2f}"


class BareBody(BaseModel):
    model: str
    query: str
    documents: list[str]
    return_documents: bool = False


def bare_handler(client: httpx.Client, url: str, event: Event) -> dict[str, Any]:
    """The least that a rerank function can do: validate, ask, dump."""
    body = BareBody.model_validate_json(event["body"])
    question = {"model": body.model.partition("/")[2], "query": body.query, "documents": body.documents}
    results = client.post(url + upstream.PATH, json=question).json()["results"]
    if body.return_documents:
        results = [{**result, "document": {"text": body.documents[result["index"]]}} for result in results]
    answer = json.dumps({"model": body.model, "results": results})

    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": answer}


class Context:
    """What Lambda tells a function that has just been called."""

    function_name = invoked_function_arn = aws_request_id = "benchmark"
    memory_limit_in_mb = "1769"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


class ReadyReply(Transport):
    def __init__(self, body: bytes) -> None:
        self.reply = ProviderResponse(200, {"content-type": "application/json"}, body)

    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        return self.reply

    def close(self) -> None:
        """Nothing is open."""


if __name__ == "__main__":
    main()
