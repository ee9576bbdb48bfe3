"""
A function of the gateway in a process of its own, with the times of a run that is to end today: as
`tests.crash.function_process`, but a job that its workers die of is still what it is.

`python -m tools.torture.function NAME SECONDS`.
"""

from __future__ import annotations

import sys

from tests.crash import function_process


def shorten_times() -> None:
    from rerank_gateway.domain.backoff import Backoff
    from rerank_gateway.entry.worker import handler
    from rerank_gateway.use_cases.jobs import announce_end, run

    handler.RECORDING_RESERVE_S = handler.MIN_WORK_S = run.LEASE_MARGIN_S = 1.0
    handler.OUTAGE_BACKOFF_S = 1.0
    announce_end.ANNOUNCING_S = 8.0
    run.BACKOFF = Backoff(first_s=2.0, max_s=10.0, jitter=0.5)


if __name__ == "__main__":
    function_process.main(sys.argv[1], float(sys.argv[2]), shorten_times)
