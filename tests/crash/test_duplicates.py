"""Messages are delivered several times over, to several workers at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from random import Random

from local.queues.sqs_events import failed_message_ids
from tests.crash import history
from tests.crash.account import Account, Record
from tests.crash.asked import asking, best, sent, slowly, submitted
from tests.crash.processes import FunctionProcess, function_process, running
from tests.upstream import upstream

SEED = 20261120
JOBS = 40
WORKERS = 3
DELIVERIES = 3
ROUNDS = 5
LEASE = 60.0


def test_a_message_that_comes_three_times_is_worked_on_once(account: Account) -> None:
    """
    However deliveries are spread over batches and workers, each job is asked for once and ends by one write.
    """
    with upstream(slowly(Random(SEED))) as provider:
        jobs = submitted(account, provider, range(JOBS // 2)) | sent(account, range(JOBS // 2, JOBS))
        deck = [delivery for record in everything(account) for delivery in deliveries(record)]
        Random(SEED).shuffle(deck)
        workers = [function_process("worker", account.variables(asking(provider)), LEASE) for _ in range(WORKERS)]
        with running(*workers):
            unfinished = dealt(deck, workers)

    assert unfinished == []
    assert len(provider.questions) == JOBS
    assert history.endings(account) == {job: ["completed"] for job in jobs}
    assert history.best(account) == {job: best(number) for job, number in jobs.items()}
    assert history.announced(account).keys() == jobs.keys()


def everything(account: Account) -> list[Record]:
    return list(chain.from_iterable(iter(account.receive, [])))


def deliveries(record: Record) -> list[Record]:
    """The *record* as it comes for the first time, for the second, and so on."""
    return [
        {**record, "attributes": {**record["attributes"], "ApproximateReceiveCount": str(count)}}
        for count in range(1, DELIVERIES + 1)
    ]


def dealt(deck: Sequence[Record], workers: Sequence[FunctionProcess]) -> Sequence[Record]:
    """Deal the *deck* to all *workers* at once, then what must come again, and so on; what is left in the end."""
    for _ in range(ROUNDS):
        batches = [deck[start : start + 10] for start in range(0, len(deck), 10)]
        hands = [batches[place :: len(workers)] for place in range(len(workers))]
        with ThreadPoolExecutor() as threads:
            deck = [record for again in threads.map(played, workers, hands) for record in again]

    return deck


def played(worker: FunctionProcess, batches: Sequence[Sequence[Record]]) -> list[Record]:
    """Have *worker* work on one batch after the other; what must come again."""
    again: list[Record] = []
    for batch in batches:
        unfinished = failed_message_ids(worker.invoke({"Records": batch}))
        again += [record for record in batch if record["messageId"] in unfinished]

    return again
