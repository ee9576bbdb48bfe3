"""
A function as Lambda runs it, in a process of its own: an event in, a reply out, a line of JSON each.

`python -m tests.crash.function_process NAME SECONDS`, where each event finds that many seconds left. Ends with its
standard input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from tests.fakes import FakeContext

SECONDS_FOR_AWS = 60.0


def main(name: str, seconds: float, prepare: Callable[[], None] | None = None, app: str = "") -> None:
    """Answer events until there are no more, by functions/NAME or *app*; a worker is prepared for it."""
    # The log goes to standard output on Lambda. Here only replies do, from the first import on.
    replies, sys.stdout = sys.stdout, sys.stderr
    _wait_for_aws()
    if name == "worker":
        (prepare or _prepare)()
        _warm_up()
    handler = import_module(f"functions.{app or name}.app").handler
    context = FakeContext(round(seconds * 1000))
    for line in sys.stdin:
        print(json.dumps(handler(json.loads(line), context)), file=replies, flush=True)


def _wait_for_aws() -> None:
    """
    Wait for its replies however long they take.

    One AWS serves all processes here, one call after the other, on a machine that may have much else to do: a reply
    that is given up after seconds would be an outage, and these tests are about none.
    """
    from rerank_gateway.adapters.aws import begun_call, dynamodb_accounts
    from rerank_gateway.adapters.aws.patience import Patience

    client: Any = import_module("rerank_gateway.adapters.aws.client")
    client.CONNECT_TIMEOUT_S = client.READ_TIMEOUT_S = begun_call.ARRIVAL_S = SECONDS_FOR_AWS
    dynamodb_accounts.ONCE = Patience(tries=1, seconds=SECONDS_FOR_AWS)


def _prepare() -> None:
    _shorten_leases()
    _blame_no_job()


def _shorten_leases() -> None:
    """
    Let a lease end with its invocation.

    As it is, no lease is shorter than fifteen seconds, and these tests wait for leases to run out. What they are about
    is the order in which things happen, and not how long they take.
    """
    from rerank_gateway.entry.worker import handler
    from rerank_gateway.use_cases.jobs import announce_end, run

    handler.RECORDING_RESERVE_S = handler.MIN_WORK_S = run.LEASE_MARGIN_S = 0.5
    handler.OUTAGE_BACKOFF_S = announce_end.ANNOUNCING_S = 1.0


def _blame_no_job() -> None:
    """Here it is the test that kills workers: no job runs alone for that, or is abandoned."""
    from rerank_gateway.use_cases.jobs import isolate, run

    isolate.MAX_SHARED_CLAIMS = run.MAX_CLAIMS = 1_000_000


def _warm_up() -> None:
    """Load what a worker has loaded that has worked before: death is to find it at work and not at that."""
    from rerank_gateway.entry.wiring.gateway import GATEWAY

    _ = GATEWAY.queue, GATEWAY.abandon_job, GATEWAY.rerank


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
