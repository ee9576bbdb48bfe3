"""Jobs that go wrong, and messages that come again."""

from __future__ import annotations

import json
from time import time
from typing import Any

import pytest

from rerank_gateway.domain.jobs.job import MAX_JOB_AGE_S
from rerank_gateway.use_cases.jobs.run import MAX_CLAIMS
from tests.functions.account import DEAD_LETTER_QUEUE, Account, records_of, sync
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST
from tests.upstream import Answer, says, upstream


def test_a_dead_letter_is_a_failed_job(account: Account) -> None:
    """
    What is left in the dead-letter queue fails, so that its owner's poll ends.
    """
    [record] = records_of("dead_letter")
    record["eventSourceARN"] = DEAD_LETTER_QUEUE
    job_id = account.submit().json["id"]
    record["messageAttributes"] = account.messages()[0]["messageAttributes"]

    assert account.work([record]) == []

    polled = account.poll(job_id)
    assert (polled.json["status"], polled.json["error"]["error"]["code"]) == ("failed", "job_abandoned")


def test_a_result_that_no_poll_could_bring_fails_clearly(account: Account) -> None:
    """
    What Lambda would not let out is a 413 with a way out, as on the sync route.
    """
    body = LEAST | {"documents": ['quote " ' * 700_000, "b"], "return_documents": True}
    job_id = account.submit(body).json["id"]

    account.work()

    polled = account.poll(job_id).json
    assert (polled["status"], polled["status_code"]) == ("failed", 413)
    assert "return_documents" in polled["error"]["message"]


def test_a_busy_provider_puts_the_job_back(account: Account, configure: Configure) -> None:
    """
    The message gets a new visibility timeout and the job waits as processing; no attempt is lost from sight.
    """
    with upstream(says({}, 429, {"retry-after": "60"})) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')
        job_id = account.submit(LEAST | {"model": "tei/m"}).json["id"]
        records = account.messages()

        again = account.work(records)

    assert again == [record["messageId"] for record in records]
    assert account.poll(job_id).json["status"] == "processing"
    item = account.client("dynamodb").get_item(TableName="jobs", Key={"id": {"S": job_id}})["Item"]
    assert item["busy"] == {"N": "1"}
    assert 50 < float(item["lease_until"]["N"]) - time() <= 60


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says({"message": "no"}, 400), (400, "provider_refused_request")),
        (says({}, 500), (502, "provider_failed")),
        (says(b"<html>"), (502, "provider_bad_reply")),
        (lambda connection: None, (504, "provider_timed_out")),
    ],
    ids=["refused", "failed", "garbage", "silence"],
)
def test_other_errors_are_recorded_with_their_attempts(
    account: Account, configure: Configure, answer: Answer, error: tuple[int, str]
) -> None:
    """
    The error is the sync call's, and the message does not come again.
    """
    with upstream(answer) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')
        body = LEAST | {"model": "tei/m", "timeout": {"call_timeout": 300}}
        job_id = account.submit(body).json["id"]

        assert account.work() == []

    polled = account.poll(job_id).json
    assert (polled["status"], polled["status_code"], polled["error"]["error"]["code"]) == ("failed", *error)
    assert [attempt["target"] for attempt in polled["error"]["extra_fields"]["attempts"]] == ["tei/m"]


def test_no_work_is_started_when_time_is_short(account: Account) -> None:
    """
    What cannot be finished is left to the next invocation.
    """
    job_id = account.submit().json["id"]

    assert len(account.work(milliseconds=9_000)) == 1

    assert account.poll(job_id).json["status"] == "pending"


def test_an_outage_brings_all_messages_back_and_raises_nothing(account: Account, configure: Configure) -> None:
    """
    A table out of reach is no reason to lose a batch.
    """
    account.submit()
    records = account.messages()
    configure(JOBS_TABLE="no-such-table")

    assert account.work(records) == [record["messageId"] for record in records]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [({"model": "nobody/m"}, 404, "unknown_model"), ({"documents": ["d"] * 10_001}, 413, "too_large")],
)
def test_a_producers_request_is_authorized_like_any_other(
    account: Account, changes: dict[str, Any], status: int, code: str
) -> None:
    """
    A message that no key has let in ends as the error that the sync route has for its request.
    """
    record = records_of("worker")[1]
    record["messageAttributes"] = {}
    record["body"] = json.dumps(LEAST | changes)

    assert account.work([record]) == []

    polled, error = account.poll(record["messageId"]).json, sync(LEAST | changes).json["error"]
    assert (polled["status"], polled["status_code"], error["code"]) == ("failed", status, code)
    assert polled["error"]["error"] | {"event_id": ""} == error | {"event_id": ""}


def test_a_mistake_in_the_configuration_ends_no_job(account: Account, configure: Configure) -> None:
    """
    The operator mends it, and the job is done then.
    """
    job_id = account.submit().json["id"]
    configure(GATEWAY_CONFIG="[aliases")

    assert len(account.work()) == 1

    assert account.poll(job_id).json["status"] == "processing"


def test_a_retry_after_of_a_day_does_not_make_a_job_vanish(account: Account, configure: Configure) -> None:
    """
    It stays within its age, and the table keeps what the provider said.
    """
    with upstream(says({}, 429, {"retry-after": "86400"})) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')
        job_id = account.submit(LEAST | {"model": "tei/m"}).json["id"]
        account.work()

    item = account.client("dynamodb").get_item(TableName="jobs", Key={"id": {"S": job_id}})["Item"]
    assert float(item["lease_until"]["N"]) < float(item["created_at"]["N"]) + MAX_JOB_AGE_S
    assert (item["last_code"], item["last_model"]) == ({"N": "429"}, {"S": "tei/m"})
    assert account.poll(job_id).json["status"] == "processing"


def test_a_job_that_killed_two_workers_runs_alone(account: Account) -> None:
    """
    Those in the same batch come again at once, and nothing has happened to them.
    """
    suspect, other = account.submit().json["id"], account.submit().json["id"]
    account.client("dynamodb").update_item(
        TableName="jobs",
        Key={"id": {"S": suspect}},
        UpdateExpression="SET claims = :two",
        ExpressionAttributeValues={":two": {"N": "2"}},
    )
    records = account.messages()
    for entry in records:
        entry["attributes"]["ApproximateReceiveCount"] = "3"

    again = account.work(records)

    assert len(again) == 1
    assert account.poll(suspect).json["status"] == "completed"
    assert account.poll(other).json["status"] == "pending"
    assert account.work() == []
    assert account.poll(other).json["status"] == "completed"


def test_a_job_that_killed_every_worker_fails_and_is_told_of(account: Account) -> None:
    """
    The next worker does not try it, and the ones beside it are done.
    """
    events = account.events()
    deadly, other = account.submit().json["id"], account.submit().json["id"]
    account.client("dynamodb").update_item(
        TableName="jobs",
        Key={"id": {"S": deadly}},
        UpdateExpression="SET claims = :all",
        ExpressionAttributeValues={":all": {"N": str(MAX_CLAIMS)}},
    )

    assert account.work() == []

    polled = account.poll(deadly).json
    assert (polled["status"], polled["error"]["error"]["code"]) == ("failed", "job_abandoned")
    assert account.poll(other).json["status"] == "completed"
    assert sorted(event["detail"]["id"] for event in events()) == sorted([deadly, other])


def test_requests_that_would_not_fit_into_memory_together_wait_for_each_other(account: Account) -> None:
    """
    A small worker does a batch of large ones one after the other, all of it.
    """
    body = LEAST | {"documents": ["green apples " * 300_000, "red pears"], "top_n": 1}
    jobs = [account.submit(body).json["id"] for _ in range(4)]

    assert account.work(memory_mb=256) == []

    assert {account.poll(job_id).json["status"] for job_id in jobs} == {"completed"}


def test_fifty_submissions_with_one_key_are_told_of_once(account: Account) -> None:
    """
    However many messages there are of a job, and whenever they come.
    """
    events = account.events()
    for _ in range(50):
        account.submit(LEAST, {"idempotency-key": "order-66"})
    records = [entry for batch in iter(account.messages, []) for entry in batch]

    for start in range(0, len(records), 10):
        account.work(records[start : start + 10])
    for entry in records:
        entry["attributes"]["ApproximateReceiveCount"] = "2"
        account.work([entry])

    assert [event["detail-type"] for event in events()] == ["Rerank Job Completed"]
