"""
What a key's limits add to a request, against a key without any, and against the master key, for which no table is read.

Use: `python -m benchmarks.limited_keys`. All ask the same upstream and the same table on loopback, by turns, in this
process. Nothing is taken ahead, as little is left: each limited request is written, and settled where its price is by
the token. Prints medians of wall time, and how often DynamoDB was waited for, which on loopback takes but a moment.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from benchmarks import key_tables, upstream
from benchmarks.own_time import EVENT, Context, Event, log_to_nowhere, medians, texts
from functions.rerank.app import handler
from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.entry.wiring.gateway import GATEWAY

ROUNDS = {10: 600, 100: 300}
PRICES = '\n[prices."cohere/known"]\nper_search = 0.0001\n[prices."cohere/tokens"]\nper_million_tokens = 0.05\n'
SIDES = {
    "the master key": ("sk-local", "known"),
    "no limits": ("sk-plain", "known"),
    "limits, price known": ("sk-limited", "known"),
    "limits, price by the token": ("sk-limited", "tokens"),
}
PLAIN = "no limits"


def main() -> None:
    with upstream.running() as url, upstream.running(key_tables.__file__) as table, log_to_nowhere() as shown:
        os.environ.update(_settings(url, table))
        print(f"Python {platform.python_version()}, medians in ms", file=shown)
        for documents, rounds in ROUNDS.items():
            print(f"\n{documents} documents                   ms    ratio    waits", file=shown)
            for line in _lines(documents, rounds):
                print(line, file=shown)


def _lines(documents: int, rounds: int) -> Iterator[str]:
    GATEWAY.close()
    asked: dict[str, Callable[[], Mapping[str, Any]]] = {
        name: partial(handler, _event(documents, *side), Context()) for name, side in SIDES.items()
    }
    taken = dict(zip(asked, medians(rounds, *asked.values()), strict=True))
    for name, milliseconds in taken.items():
        ratio, waits = milliseconds / taken[PLAIN], _waits(asked[name])
        yield f"{name:28} {milliseconds:8.2f} {ratio:8.2f} {waits:8}"


def _settings(url: str, table: str) -> dict[str, str]:
    plain = upstream.settings(url)
    names = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}
    tables = {"KEYS_TABLE": "keys", "USAGE_TABLE": "usage", "AWS_ENDPOINT_URL": table}

    return plain | names | tables | {"GATEWAY_CONFIG": plain["GATEWAY_CONFIG"] + PRICES}


def _event(documents: int, token: str, model: str) -> Event:
    body = {"model": f"cohere/{model}", "query": "How tall is the Eiffel Tower?", "documents": list(texts(documents))}
    headers = {**EVENT["headers"], "authorization": f"Bearer {token}"}

    return {**EVENT, "headers": headers, "body": json.dumps(body)}


def _waits(ask: Callable[[], Mapping[str, Any]]) -> int:
    """How many of AWS's replies one answer waits for."""
    counted, call = 0, AwsJsonApi.call

    def counting(*args: Any, **options: Any) -> dict[str, Any]:
        nonlocal counted
        counted += 1
        return call(*args, **options)

    AwsJsonApi.call = counting  # type: ignore[method-assign]  # a benchmark may look where a test may not
    try:
        ask()
    finally:
        AwsJsonApi.call = call  # type: ignore[method-assign]

    return counted


if __name__ == "__main__":
    main()
