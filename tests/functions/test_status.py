"""Polling and cancelling from the event to the response."""

from __future__ import annotations

from time import monotonic, time
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from tests.functions.account import Account
from tests.functions.gateway import LEAST


def test_the_time_to_live_is_the_callers(account: Account) -> None:
    """
    It counts from completion; what has expired is 404 while DynamoDB still holds it.
    """
    job_id = account.submit(LEAST, {"x-bf-async-job-result-ttl": "60"}).json["id"]
    account.work()
    polled = account.poll(job_id).json
    account.client("dynamodb").update_item(
        TableName="jobs",
        Key={"id": {"S": job_id}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": str(int(time()))}},
    )

    gone = account.poll(job_id)

    assert polled["expires_at"][:17] != polled["completed_at"][:17]
    assert (gone.status, gone.json["error"]["code"]) == (404, "unknown_job")
    assert "Item" in account.client("dynamodb").get_item(TableName="jobs", Key={"id": {"S": job_id}})


@pytest.mark.parametrize("send", [Account.poll, Account.cancel])
def test_anothers_job_is_like_an_unknown_one_to_the_byte(account: Account, send: Any) -> None:
    """
    Nobody learns whether a job exists, and nobody cancels what is not theirs.
    """
    item = {"key_hash": {"S": hash_of_token("sk-b")}, "id": {"S": "b"}, "models": {"SS": ["*"]}}
    account.client("dynamodb").put_item(TableName="keys", Item=item)
    job_id = account.submit().json["id"]

    foreign, unknown = send(account, job_id, "sk-b"), send(account, "0" * 8, "sk-b")

    assert foreign.status == 404
    assert (foreign.text, foreign.headers) == (unknown.text, unknown.headers)
    assert account.poll(job_id).json["status"] == "pending"


def test_a_cancelled_job_is_failed_and_stays_so(account: Account) -> None:
    """
    The worker drops it, and a second cancellation changes nothing.
    """
    job_id = account.submit().json["id"]

    cancelled = account.cancel(job_id)
    account.work()

    assert cancelled.status == 200
    assert (cancelled.json["status"], cancelled.json["error"]["error"]["code"]) == ("failed", "cancelled")
    assert account.poll(job_id).json == account.cancel(job_id).json == cancelled.json


def test_a_cancelled_job_is_told_of(account: Account) -> None:
    """
    Once, whoever comes across it afterwards.
    """
    events = account.events()
    job_id = account.submit().json["id"]

    account.cancel(job_id)
    account.cancel(job_id)
    account.work()

    [event] = events()
    assert (event["detail-type"], event["detail"]["id"], event["detail"]["status_code"]) == (
        "Rerank Job Failed",
        job_id,
        499,
    )


@pytest.mark.parametrize("wait", ["21", "-1", "soon", "1.5"])
def test_a_wait_out_of_bounds_is_refused(account: Account, wait: str) -> None:
    """
    A long poll takes 0 to 20 whole seconds.
    """
    response = account.poll("any", wait=wait)

    assert (response.status, response.json["error"]["param"]) == (400, "wait")


def test_a_wait_ends_before_the_function_does(account: Account) -> None:
    """
    With less time left than the caller would wait, the job is answered as it is, in time.
    """
    job_id = account.submit().json["id"]
    started = monotonic()

    response = account.poll(job_id, wait="20", milliseconds=800)

    assert (response.status, response.json["status"]) == (202, "pending")
    assert monotonic() - started < 10


@pytest.mark.parametrize("job_id", ["x" * 101, "x" * 5000, "é" * 3000])
def test_what_can_be_no_id_is_an_unknown_job(account: Account, job_id: str) -> None:
    """
    DynamoDB takes keys of two kilobytes; nobody is told that the gateway is out of order.
    """
    assert (account.poll(job_id).status, account.cancel(job_id).status) == (404, 404)
