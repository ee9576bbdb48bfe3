"""Workers on a batch that are killed at any moment: each line ends once, in its place, and is counted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random
from time import monotonic

import pytest

from tests.crash.account import clients
from tests.crash.asked import asking, slowly
from tests.crash.batches import BatchesAccount, report
from tests.crash.poller import Poller, line_of_workers
from tests.crash.processes import aws_process
from tests.upstream import upstream

PRICE = '[prices."tei/*"]\nper_search = 0.001'
LINES, POLLERS, SECONDS, LONGEST = 300, 2, 4.0, 100.0


@pytest.fixture
def batches() -> Iterator[BatchesAccount]:
    with aws_process() as url:
        ways = clients(url)
        yield BatchesAccount.opened(url, ways)
        for way in ways.values():
            way.close()


def test_each_line_ends_once_whoever_dies(batches: BatchesAccount) -> None:
    """
    In the results or in the errors, in the order of the file, and the counts and the cost say so.
    """
    late = monotonic() + LONGEST
    with upstream(slowly(Random(3))) as provider, ExitStack() as stack:
        batches.submit(LINES)
        variables, module = batches.variables(f"{asking(provider)}\n{PRICE}"), "tools.torture.batch_function"
        workers = [stack.enter_context(line_of_workers(variables, SECONDS, module)) for _ in range(POLLERS)]
        pollers = [Poller(batches, line, provider, Random(seed), is_patient=True) for seed, line in enumerate(workers)]
        with ThreadPoolExecutor(POLLERS) as threads:
            for polling in [threads.submit(_poll, poller, late) for poller in pollers]:
                polling.result()

    figures = report(batches, LINES)
    assert batches.batch().cost == LINES * 1_000_000
    assert sum(poller.deaths for poller in pollers) > 0
    assert figures == {
        "lines": LINES, "answered": LINES, "failed": 0, "lost": 0, "twice": 0, "misplaced": 0, "miscounted": 0
    }  # fmt: skip


def _poll(poller: Poller, late: float) -> None:
    """Have the queue emptied until the batch has ended."""
    while monotonic() < late and not poller.account.batch().has_ended:  # type: ignore[attr-defined]  # of batches
        poller.empty_the_queue(late)
