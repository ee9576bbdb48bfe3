"""
Minutes of mixed traffic with injected faults, looked at as the runbook has an operator look.

Use: `python benchmarks/incidents.py [SECONDS]`, 120 unless said otherwise. Each provider on this machine has a fault of
its own; requests name one of them first and `healthy/any` after it. The log lines then go through the saved query
"failures by reason" of template.yaml. Prints for each fault what the query found.
"""

from __future__ import annotations

import io
import json
import os
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import chaos_providers, upstream
from benchmarks.chaos_requests import asked
from local.cloudformation.template import TEMPLATE_PATH, Template
from rerank_gateway.entry import observability
from rerank_gateway.entry.wiring.gateway import GATEWAY
from tools.insights import Row, answer

SECONDS = 120.0


class Fault(NamedTuple):
    """What is wrong with a provider at *url*, and the words in which the log should say it."""

    what: str
    url: str
    reason: str
    detail: str = ""


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with upstream.running(chaos_providers.__file__) as told, faults(json.loads(told)) as injected:
        lines = lines_of(injected, json.loads(told)["healthy"], seconds)
    rows = answer(QUERY, lines)
    print(f"{sum(line['message'] == 'request_answered' for line in lines)} requests in {seconds:.0f} s\n")
    print("| fault | provider | reason | detail | failures |\n|---|---|---|---|---|")
    for name, fault in injected.items():
        for row in found(name, fault, rows):
            detail = row["attempts.0.reason"] or row["attempts.0.status_code"]
            print(f"| {fault.what} | `{name}` | `{row['reason']}` | `{detail}` | {row['failures']:,.0f} |")


QUERY = Template.read(TEMPLATE_PATH).resources("AWS::Logs::QueryDefinition")["FailuresByReason"]["QueryString"]


@contextmanager
def faults(urls: Mapping[str, str]) -> Iterator[Mapping[str, Fault]]:
    """A provider with each fault, by its name."""
    with socket.create_server((upstream.HOST, 0)) as silent, socket.create_server((upstream.HOST, 0)) as gone:
        dead = upstream.url_of(gone)
        gone.close()
        yield {
            "failing": Fault("fails five times out of eight, in five ways", urls["failing"], "failed"),
            "garbled": Fault("says what is no ranking", urls["garbled"], "bad_reply"),
            "refused": Fault("nobody listens", dead, "failed", "connection_refused"),
            "nameless": Fault("its name is unknown", "http://nobody.invalid", "failed", "dns"),
            "plain": Fault(
                "does not speak TLS", urls["healthy"].replace("http:", "https:"), "timed_out", "tls_timeout"
            ),
            "silent": Fault(
                "takes the request and says nothing", upstream.url_of(silent), "timed_out", "response_timeout"
            ),
            "slow": Fault("is sometimes slow", urls["slow"], "timed_out", "response_timeout"),
        }


def found(name: str, fault: Fault, rows: list[Row]) -> list[Row]:
    """The rows that tell of *fault*. Exits with what is missing."""
    mine = [row for row in rows if row["provider"] == name and row["reason"] == fault.reason]
    mine = [row for row in mine if fault.detail in (row["attempts.0.reason"] or "")]
    if not mine:
        sys.exit(f"{name}: nothing tells that it {fault.what}")

    return mine


def lines_of(injected: Mapping[str, Fault], healthy: str, seconds: float) -> list[dict[str, Any]]:
    """The log of so many *seconds* of requests."""
    urls = {name: fault.url for name, fault in injected.items()} | {"healthy": healthy}
    aliases = [f'[aliases.{name}]\ntargets = ["{name}/any", "healthy/any"]' for name in injected]
    providers = [f'[providers.{name}]\nlike = "vllm"\nurl = "{url}"' for name, url in urls.items()]
    rng, log, until = Random(14), io.StringIO(), time.monotonic() + seconds
    settings = {**upstream.settings(""), "GATEWAY_CONFIG": "\n".join([*aliases, *providers])}
    with patch.dict(os.environ, settings), patch.object(observability.logger.registered_handler, "stream", log):
        GATEWAY.close()
        while time.monotonic() < until:
            asked(_body(rng.choice(list(injected)), rng))
        GATEWAY.close()

    return [json.loads(line) for line in log.getvalue().splitlines()]


def _body(model: str, rng: Random) -> dict[str, Any]:
    documents = [f"number {place}" for place in range(rng.randint(2, 30))]

    return {"model": model, "query": "which one?", "documents": documents, "timeout": {"call_timeout": 1_100}}


if __name__ == "__main__":
    main()
