"""A worker sleeps through the end of its lease, as Lambda may freeze one, and wakes up with a result."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import time

import pytest

from tests.crash import history
from tests.crash.account import Account
from tests.crash.asked import asking, request
from tests.crash.processes import function_process, running, wait_until
from tests.upstream import Answer, says, upstream

LEASE = 4.0
PATIENCE = 20.0
DONE: Mapping[str, list[str]] = {"batchItemFailures": []}


@pytest.mark.parametrize("order", [("late", "other"), ("other", "late")], ids=" before ".join)
def test_a_late_result_is_dropped(account: Account, order: tuple[str, str]) -> None:
    """
    Once another worker has taken a job over, its result is the one that counts, in whichever order the two finish; the
    late one leaves the message alone as long as the other is at work.
    """
    job, (record,) = account.send(request(1)), account.receive()
    event, frozen, go_on = {"Records": [record]}, Event(), Event()

    with upstream(once(frozen, score(0.1)), once(go_on, score(0.9))) as provider, ThreadPoolExecutor() as threads:
        late, other = (function_process("worker", account.variables(asking(provider)), LEASE) for _ in order)
        with running(late, other):
            replies = {"late": threads.submit(late.invoke, event)}
            wait_until(lambda: len(provider.questions) == 1)
            late.freeze()
            frozen.set()
            too_early = other.invoke(event)
            wait_until(lambda: float(history.job(account, job)["lease_until"]["N"]) < time())
            replies["other"] = threads.submit(other.invoke, event)
            wait_until(lambda: len(provider.questions) == 2)
            wakes = {"late": late.thaw, "other": go_on.set}
            finished = [(wakes[name](), replies[name].result(PATIENCE))[1] for name in order]

    assert too_early == again(job)
    assert finished == ([again(job), DONE] if order[0] == "late" else [DONE, DONE])
    assert history.endings(account) == {job: ["completed"]}
    assert history.best(account)[job]["relevance_score"] == 0.9
    assert history.announced(account) == {job: ["Rerank Job Completed"]}


def again(job: str) -> Mapping[str, list[Mapping[str, str]]]:
    return {"batchItemFailures": [{"itemIdentifier": job}]}


def score(of_the_best: float) -> Answer:
    return says([{"index": 0, "score": of_the_best}, {"index": 1, "score": 0.0}])


def once(event: Event, answer: Answer) -> Answer:
    """The *answer*, but not before the *event*."""

    def wait(connection: socket.socket) -> None:
        event.wait(PATIENCE)
        answer(connection)

    return wait
