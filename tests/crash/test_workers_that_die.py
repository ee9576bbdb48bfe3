"""Workers are killed in the middle of their work, and their messages come again when their leases have run out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random
from time import monotonic

from tests.crash import history
from tests.crash.account import Account
from tests.crash.asked import asking, best, sent, slowly, submitted
from tests.crash.poller import Poller, line_of_workers
from tests.upstream import Upstream, upstream

SEED = 20261120
JOBS = 120
POLLERS = 2
LEASE = 120.0
"""Seconds: more than a batch takes on any machine, as a provider that is given up is the end of a job."""
PATIENCE = 300.0
"""Seconds after which something hangs, on a machine that has much else to do."""


def test_every_job_is_completed_once_however_many_workers_die(account: Account) -> None:
    """
    Of 120 jobs that worker after worker leaves behind, each ends by one write, with its own answer, and is told of.
    """
    with upstream(slowly(Random(SEED))) as provider:
        jobs = submitted(account, provider, range(JOBS // 2)) | sent(account, range(JOBS // 2, JOBS))
        deaths = work_through(account, provider)

    assert account.messages_left() == 0
    assert history.endings(account) == {job: ["completed"] for job in jobs}
    assert history.best(account) == {job: best(number) for job, number in jobs.items()}
    assert history.announced(account).keys() == jobs.keys()
    # Otherwise this has shown nothing.
    assert deaths > 6
    assert len([job for job, holders in history.holders(account).items() if len(holders) > 1]) > 10


def work_through(account: Account, provider: Upstream) -> int:
    """Have the queue emptied by two lines of workers side by side; how many of them died of it."""
    variables, late = account.variables(asking(provider)), monotonic() + PATIENCE
    with ExitStack() as stack, ThreadPoolExecutor(POLLERS) as threads:
        lines = [stack.enter_context(line_of_workers(variables, LEASE)) for _ in range(POLLERS)]
        pollers = [Poller(account, line, provider, Random(SEED + number)) for number, line in enumerate(lines)]
        list(threads.map(lambda poller: poller.empty_the_queue(late), pollers))

    return sum(poller.deaths for poller in pollers)
