"""Jobs through the three functions, on an AWS over HTTP: what callers, producers and operators see."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import Any

import boto3
import pytest

import functions.rerank.app
import functions.status.app
import functions.submit.app
import functions.worker.app
from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry import observability
from tests.embedded_aws import bucket
from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, Answered, event
from tests.tables import jobs_table, keys_table
from tests.upstream import says, upstream

QUEUE, DEAD = ("arn:aws:sqs:eu-west-1:123456789012:" + name for name in ("jobs", "dead"))
Headers = dict[str, str]


@dataclass
class Account:
    """The gateway's functions, and the AWS account that they live in."""

    client: Callable[[str], Any]
    queue_url: str

    def submit(self, body: Any = LEAST, headers: Headers | None = None) -> Answered:
        sent = event("submit")
        del sent["headers"]["idempotency-key"]
        sent["headers"] |= headers or {}
        sent["body"] = json.dumps(body)

        return answered(functions.submit.app.handler(sent, FakeContext()))

    def poll(self, job_id: str, name: str = "poll", key: str = "sk-local", wait: str = "0") -> Answered:
        sent = event(name)
        sent["headers"]["authorization"] = f"Bearer {key}"
        sent["pathParameters"]["id"] = job_id
        sent["queryStringParameters"] = {"wait": wait}

        return answered(functions.status.app.handler(sent, FakeContext()))

    def messages(self) -> list[dict[str, Any]]:
        """Up to ten messages of the queue, as Lambda hands them to the worker."""
        asked = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
        received = self.client("sqs").receive_message(QueueUrl=self.queue_url, **asked).get("Messages", [])

        return [record(message) for message in received]

    def work(self, records: list[dict[str, Any]] | None = None, milliseconds: int = 60_000) -> list[str]:
        """Have the worker handle *records*, or what is in the queue; the ids of those that must come again."""
        batch = {"Records": self.messages() if records is None else records}
        failures = functions.worker.app.handler(batch, FakeContext(milliseconds))["batchItemFailures"]

        return [failure["itemIdentifier"] for failure in failures]


def answered(reply: dict[str, Any]) -> Answered:
    return Answered(reply["statusCode"], reply["headers"], json.loads(reply["body"]), reply["body"])


def record(message: dict[str, Any], arn: str = QUEUE) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {}).items()

    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {name: {"stringValue": said["StringValue"]} for name, said in attributes},
        "eventSourceARN": arn,
    }


def sync(body: Any) -> Answered:
    sent = event("rerank")
    sent["body"] = json.dumps(body)

    return answered(functions.rerank.app.handler(sent, FakeContext()))


def events_of(name: str) -> list[dict[str, Any]]:
    """The records of events/NAME.json, sent just now."""
    records: list[dict[str, Any]] = event(name)["Records"]
    for each in records:
        each["attributes"]["SentTimestamp"] = str(int(time() * 1000))

    return records


@pytest.fixture
def account(embedded_aws: Any, configure: Configure) -> Account:
    jobs_table(embedded_aws)
    keys_table(embedded_aws)
    bucket(embedded_aws)
    url = embedded_aws("sqs").create_queue(QueueName="jobs")["QueueUrl"]
    configure(
        JOBS_TABLE="jobs", KEYS_TABLE="keys", JOBS_QUEUE_URL=url, PAYLOAD_BUCKET="payloads", DEAD_LETTER_QUEUE_ARN=DEAD
    )

    return Account(embedded_aws, url)


@pytest.mark.parametrize("function", ["submit", "poll", "worker"])
def test_each_function_s_lines_name_its_invocation(
    account: Account, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Lambda's own lines have the same request id; a worker's jobs are logged by threads of its own.
    """
    job_id = account.submit().json["id"]
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    observability.bind_invocation(FakeContext(aws_request_id="an earlier one"))
    calls: dict[str, Callable[[], object]] = {
        "submit": account.submit,
        "poll": lambda: account.poll(job_id),
        "worker": account.work,
    }

    calls[function]()

    assert {json.loads(line)["function_request_id"] for line in log.getvalue().splitlines()} == {
        FakeContext().aws_request_id
    }


def test_submit_answers_as_bifrost_does(account: Account) -> None:
    """
    202 with id, status and created_at, where to look, and when.
    """
    answer = account.submit()

    assert answer.status == 202
    assert list(answer.json) == ["id", "status", "created_at"]
    assert answer.json["status"] == "pending"
    assert answer.json["created_at"].endswith("Z")
    assert answer.headers["location"] == f"/v1/async/rerank/{answer.json['id']}"
    assert answer.headers["retry-after"] == "1"


def test_a_job_goes_from_pending_to_what_sync_would_have_answered(account: Account) -> None:
    """
    The result is the sync body but for ids and times.
    """
    body = LEAST | {"return_documents": True, "documents": ["Größe\t\u0001\u2028😀", {"text": "green apples", "id": 7}]}
    job_id = account.submit(body).json["id"]

    before = account.poll(job_id)
    assert account.work() == []
    after = account.poll(job_id)

    assert (before.status, before.headers["retry-after"], before.json["status"]) == (202, "1", "pending")
    assert after.status == 200
    assert "retry-after" not in after.headers
    assert (after.json["status"], after.json["status_code"]) == ("completed", 200)
    assert after.json["created_at"] <= after.json["completed_at"] < after.json["expires_at"]
    assert after.json["result"]["results"] == sync(body).json["results"]
    assert after.json["result"].keys() == sync(body).json.keys()
    assert "error" not in after.json


@pytest.mark.parametrize(
    ("body", "headers", "status", "param"),
    [
        (LEAST | {"top_n": 0}, {}, 400, "top_n"),
        ({}, {}, 400, "model"),
        (LEAST | {"model": "nobody/m"}, {}, 404, "model"),
        (LEAST, {"authorization": "Bearer wrong"}, 401, None),
        (LEAST, {"x-bf-async-job-result-ttl": "0"}, 400, "x-bf-async-job-result-ttl"),
        (LEAST, {"x-bf-async-job-result-ttl": "2592001"}, 400, "x-bf-async-job-result-ttl"),
        (LEAST, {"x-bf-async-job-result-ttl": "1.5"}, 400, "x-bf-async-job-result-ttl"),
        (LEAST, {"x-bf-async-job-result-ttl": "9" * 5000}, 400, "x-bf-async-job-result-ttl"),
        (LEAST, {"idempotency-key": "k" * 256}, 400, "Idempotency-Key"),
        (LEAST, {"idempotency-key": ""}, 400, "Idempotency-Key"),
    ],
)
def test_what_would_be_refused_is_refused_now(
    account: Account, body: Any, headers: Headers, status: int, param: str | None
) -> None:
    """
    Nobody waits for a job to learn of a typo, and nothing is queued.
    """
    answer = account.submit(body, headers)

    assert (answer.status, answer.json["error"].get("param")) == (status, param)
    assert account.messages() == []


def test_idempotency_over_http(account: Account) -> None:
    """
    The same key and body give the same job, another body 409.
    """
    once = {"idempotency-key": "order-66"}
    first, second = account.submit(LEAST, once), account.submit(LEAST, once)

    other = account.submit(LEAST | {"top_n": 1}, once)

    assert first.json == second.json
    assert (other.status, other.json["error"]["code"]) == (409, "idempotency_conflict")


def test_two_messages_of_one_job_are_one_result(account: Account) -> None:
    """
    A repeated submission queues again; the second message finds the job done, or somebody at it.
    """
    once = {"idempotency-key": "order-66"}
    account.submit(LEAST, once)
    job_id = account.submit(LEAST, once).json["id"]

    again = account.work()

    assert len(again) <= 1
    assert account.poll(job_id).json["status"] == "completed"


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


@pytest.mark.parametrize("name", ["poll", "cancel"])
def test_anothers_job_is_like_an_unknown_one_to_the_byte(account: Account, name: str) -> None:
    """
    Nobody learns whether a job exists, and nobody cancels what is not theirs.
    """
    item = {"key_hash": {"S": hash_of_token("sk-b")}, "id": {"S": "b"}, "models": {"SS": ["*"]}}
    account.client("dynamodb").put_item(TableName="keys", Item=item)
    job_id = account.submit().json["id"]

    foreign, unknown = account.poll(job_id, name, "sk-b"), account.poll("0" * 8, name, "sk-b")

    assert foreign.status == 404
    assert (foreign.text, foreign.headers) == (unknown.text, unknown.headers)
    assert account.poll(job_id).json["status"] == "pending"


def test_a_cancelled_job_is_failed_and_stays_so(account: Account) -> None:
    """
    The worker drops it, and a second cancellation changes nothing.
    """
    job_id = account.submit().json["id"]

    cancelled = account.poll(job_id, "cancel")
    account.work()

    assert cancelled.status == 200
    assert (cancelled.json["status"], cancelled.json["error"]["error"]["code"]) == ("failed", "cancelled")
    assert account.poll(job_id).json == account.poll(job_id, "cancel").json == cancelled.json


@pytest.mark.parametrize("wait", ["21", "-1", "soon", "1.5"])
def test_a_wait_out_of_bounds_is_refused(account: Account, wait: str) -> None:
    """
    A long poll takes 0 to 20 whole seconds.
    """
    answer = account.poll("any", wait=wait)

    assert (answer.status, answer.json["error"]["param"]) == (400, "wait")


def test_the_batch_in_events_ends_as_each_message_deserves(account: Account) -> None:
    """
    A job that is gone, a producer's request, and a broken one: nothing comes again, nothing hangs.
    """
    records = events_of("worker")
    item = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "team-a"}, "models": {"SS": ["*"]}}
    account.client("dynamodb").put_item(TableName="keys", Item=item)

    assert account.work(records) == []

    direct, broken = (account.poll(each["messageId"], key="sk-a").json for each in records[1:])
    assert (direct["status"], len(direct["result"]["results"])) == ("completed", 2)
    assert (broken["status"], broken["status_code"]) == ("failed", 400)
    assert broken["error"]["error"]["message"] == "query is required for rerank"


def test_a_dead_letter_is_a_failed_job(account: Account) -> None:
    """
    What is left in the dead-letter queue fails, so that its owner's poll ends.
    """
    [request] = events_of("dead_letter")
    request["eventSourceARN"] = DEAD
    job_id = account.submit().json["id"]
    request["messageAttributes"] = account.messages()[0]["messageAttributes"]

    assert account.work([request]) == []

    polled = account.poll(job_id)
    assert (polled.json["status"], polled.json["error"]["error"]["code"]) == ("failed", "job_abandoned")


def test_large_requests_and_results_take_the_detour(account: Account) -> None:
    """
    Beyond 200 KB both lie in the bucket, and nobody can tell but by looking there.
    """
    noise = [f"{n} " + "".join(chr(0x4E00 + (n * k) % 20000) for k in range(1, 3000)) for n in range(60)]
    body = LEAST | {"documents": noise, "return_documents": True}
    job_id = account.submit(body).json["id"]

    account.work()

    stored = [entry["Key"] for entry in account.client("s3").list_objects_v2(Bucket="payloads")["Contents"]]
    assert [place.split("/")[0] for place in stored] == ["payloads", "results"]
    assert account.poll(job_id).json["result"]["results"] == sync(body).json["results"]


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

    assert again == [each["messageId"] for each in records]
    assert account.poll(job_id).json["status"] == "processing"
    item = account.client("dynamodb").get_item(TableName="jobs", Key={"id": {"S": job_id}})["Item"]
    assert item["busy"] == {"N": "1"}
    assert 50 < float(item["lease_until"]["N"]) - time() <= 60


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (says({"message": "no"}, 400), 400, "provider_refused_request"),
        (says({}, 500), 502, "provider_failed"),
        (says(b"<html>"), 502, "provider_bad_reply"),
        (lambda connection: None, 504, "provider_timed_out"),
    ],
    ids=["refused", "failed", "garbage", "silence"],
)
def test_other_failures_are_recorded_with_their_attempts(
    account: Account, configure: Configure, reply: Any, status: int, code: str
) -> None:
    """
    The error is the sync call's, and the message does not come again.
    """
    with upstream(reply) as provider:
        configure(GATEWAY_CONFIG=f'[providers.tei]\nurl = "{provider.url}"')
        body = LEAST | {"model": "tei/m", "timeout": {"call_timeout": 300}}
        job_id = account.submit(body).json["id"]

        assert account.work() == []

    polled = account.poll(job_id).json
    assert (polled["status"], polled["status_code"], polled["error"]["error"]["code"]) == ("failed", status, code)
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

    assert account.work(records) == [each["messageId"] for each in records]


def test_a_queue_out_of_reach_is_503_and_leaves_no_job(account: Account, configure: Configure) -> None:
    """
    The caller is told when to try again.
    """
    configure(JOBS_QUEUE_URL=account.queue_url + "-gone")

    answer = account.submit()

    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert account.client("dynamodb").scan(TableName="jobs")["Count"] == 0


def test_whoever_listens_hears_of_the_end(account: Account) -> None:
    """
    A thin event: which job, whose, how it ended, and nothing of what was ranked.
    """
    made = account.client("sqs").create_queue(QueueName="heard")["QueueUrl"]
    region = {"region_name": "eu-west-1"}
    with_rule = boto3.client("events", **region)
    with_rule.put_rule(Name="jobs", EventPattern=json.dumps({"source": ["rerank-gateway"]}))
    with_rule.put_targets(Rule="jobs", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:eu-west-1:123456789012:heard"}])
    with_rule.close()
    job_id = account.submit().json["id"]

    account.work()

    [heard] = account.client("sqs").receive_message(QueueUrl=made)["Messages"]
    told = json.loads(heard["Body"])
    assert told["detail-type"] == "Rerank Job Completed"
    assert told["detail"].keys() == {
        "id", "status", "status_code", "owner", "model", "created_at", "completed_at"
    }  # fmt: skip
    assert (told["detail"]["id"], told["detail"]["model"]) == (job_id, "local/bm25")
