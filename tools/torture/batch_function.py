"""
The function that works through batches in a process of its own, with the times of a run that is to end today: as
`tests.crash.function_process`, but a line that its workers die of is still what it is.

`python -m tools.torture.batch_function NAME SECONDS`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, cast

from rerank_gateway.domain.backoff import Backoff
from tests.crash import function_process


def shorten_times() -> None:
    handler, event, messages, run_chunk, announce = (
        cast(Any, import_module(f"rerank_gateway.{name}"))
        for name in (
            "entry.worker.batches",
            "entry.worker.batch_event",
            "entry.worker.batch_messages",
            "use_cases.batches.run_chunk",
            "use_cases.jobs.announce_end",
        )
    )
    handler.RECORDING_RESERVE_S = event.LEASE_MARGIN_S = run_chunk.LEASE_MARGIN_S = 1.0
    event.OUTAGE_BACKOFF_S = 1.0
    announce.ANNOUNCING_S = 5.0
    event.BACKOFF = run_chunk.BACKOFF = Backoff(first_s=1.0, max_s=5.0, jitter=0.5)
    # Here it is the test that kills workers: no line is blamed for that.
    messages.MAX_SHARED_CLAIMS = run_chunk.MAX_SHARED_CLAIMS = run_chunk.MAX_CLAIMS = 1_000_000


if __name__ == "__main__":
    function_process.main(sys.argv[1], float(sys.argv[2]), shorten_times, app="batch_worker")
