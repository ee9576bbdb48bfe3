"""A submission is two writes: the job's item, then its message. Callers do not always learn how far it came."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.crash import history
from tests.crash.account import Account
from tests.crash.asked import RANKING, asking, best, poll, request, submit
from tests.crash.processes import function_process, running, wait_until
from tests.upstream import says, upstream


def test_a_submission_that_died_between_its_writes_is_made_up_for(account: Account) -> None:
    """
    The item is there and the message is not. A retry with the same Idempotency-Key gives the same job, and it runs.
    """
    with upstream(lambda connection: None) as silent, upstream(says(RANKING)) as provider:
        variables = account.variables(asking(provider))
        dying = function_process("submit", variables | {"AWS_ENDPOINT_URL_SQS": silent.url}, seconds=15)
        retry, worker, status = (function_process(name, variables, 15) for name in ("submit", "worker", "status"))
        with running(dying, retry, worker, status), ThreadPoolExecutor() as threads:
            unheard = threads.submit(submit, dying, request(1), key="order-66")
            wait_until(lambda: bool(silent.questions))
            dying.kill()
            left_behind = account.messages_left(), history.statuses(account)
            job = submit(retry, request(1), key="order-66")
            worker.invoke({"Records": account.receive()})
            polled = poll(status, job["id"])

    assert unheard.result() is None
    assert left_behind == (0, {job["id"]: "pending"})
    assert (polled["status"], polled["result"]["results"][0]) == ("completed", best(1))


def test_a_submission_that_nobody_heard_of_runs_once(account: Account) -> None:
    """
    Both writes are done, and their caller retries all the same: two messages, one job, one result.
    """
    with upstream(says(RANKING)) as provider:
        variables = account.variables(asking(provider))
        function, worker = function_process("submit", variables, 15), function_process("worker", variables, 15)
        with running(function, worker):
            first, second = (submit(function, request(1), key="order-66") for _ in range(2))
            messages = account.receive()
            worker.invoke({"Records": messages})
            worker.invoke({"Records": messages})

    assert first == second
    assert len(messages) == 2
    assert len(provider.questions) == 1
    assert history.endings(account) == {first["id"]: ["completed"]}
