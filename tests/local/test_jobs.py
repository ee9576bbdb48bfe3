"""Jobs on one machine: submitted over HTTP or sent to the queue, worked on, and polled."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from tests.local.conftest import Gateway, client_of

SUBMIT = json.loads((Path(__file__).parents[2] / "events/submit.json").read_text("utf-8"))
JOBS = "/v1/async/rerank"
QUESTION = {"model": "local/bm25", "query": "green apples", "documents": ["red pears", "green apples", "an apple"]}
TIMEOUT_SECONDS = 20.0
PAUSE_SECONDS = 0.1


@pytest.fixture
def caller(gateway: Gateway) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=gateway.url, headers=gateway.authorization, timeout=TIMEOUT_SECONDS, trust_env=False
    ) as caller:
        yield caller


@pytest.fixture
def sqs(gateway: Gateway) -> Iterator[Any]:
    with closing(client_of("sqs", gateway.aws)) as client:
        yield client


def sent(sqs: Any, body: str) -> str:
    """The id of a message with this *body*, sent by somebody who does not ask the gateway."""
    message = sqs.send_message(QueueUrl="JobsQueue", MessageBody=body)

    return str(message["MessageId"])


def finished(caller: httpx.Client, job_id: str) -> dict[str, Any]:
    """The job as it ended. A producer's job is not there before a worker has seen its message."""
    late = monotonic() + TIMEOUT_SECONDS
    while monotonic() < late:
        reply = caller.get(f"{JOBS}/{job_id}", params={"wait": "10"})
        if reply.status_code == 200:
            return dict(reply.json())
        sleep(PAUSE_SECONDS)

    raise AssertionError(f"{reply.status_code} after {TIMEOUT_SECONDS:.0f} s: {reply.text}")


def test_a_job_ends_with_what_the_sync_call_answers(caller: httpx.Client) -> None:
    """
    The request of our recorded event is taken on, worked on at once, and has the sync call's results.
    """
    headers = {"content-type": "application/json", "idempotency-key": "local-1"}
    taken = caller.post(JOBS, content=SUBMIT["body"], headers=headers)

    job = finished(caller, taken.json()["id"])

    sync = caller.post("/v1/rerank", content=SUBMIT["body"], headers=headers).json()
    assert (taken.status_code, taken.json()["status"]) == (202, "pending")
    assert (job["status"], job["status_code"]) == ("completed", 200)
    assert job["result"]["results"] == sync["results"]


def test_a_submission_may_be_repeated(caller: httpx.Client) -> None:
    """
    The same Idempotency-Key finds the same job, even when it is done.
    """
    once = {"idempotency-key": "local-2"}
    job_id = caller.post(JOBS, json=QUESTION, headers=once).json()["id"]
    finished(caller, job_id)

    again = caller.post(JOBS, json=QUESTION, headers=once)

    assert (again.status_code, again.json()["id"], again.json()["status"]) == (202, job_id, "completed")


def test_a_finished_job_is_not_cancelled(caller: httpx.Client) -> None:
    """
    Who cancels too late gets the job as it ended.
    """
    job = finished(caller, caller.post(JOBS, json=QUESTION).json()["id"])

    cancelled = caller.delete(f"{JOBS}/{job['id']}")

    assert (cancelled.status_code, cancelled.json()) == (200, job)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_job_is_not_found(caller: httpx.Client, method: str) -> None:
    """
    What never was a job can be neither polled nor cancelled.
    """
    reply = caller.request(method, f"{JOBS}/00000000-0000-4000-8000-000000000000")

    assert reply.status_code == 404


def test_a_message_is_a_job(caller: httpx.Client, sqs: Any) -> None:
    """
    Whoever puts a request into the queue can read the job under the message's id.
    """
    job = finished(caller, sent(sqs, json.dumps(QUESTION)))

    assert (job["status"], job["result"]["results"][0]["index"]) == ("completed", 1)


def test_a_broken_message_is_a_failed_job(caller: httpx.Client, sqs: Any) -> None:
    """
    What is no request fails at once, with what a caller would have been told.
    """
    job = finished(caller, sent(sqs, "no JSON"))

    assert (job["status"], job["status_code"]) == ("failed", 400)


def test_a_message_is_gone_when_its_job_is_done(caller: httpx.Client, sqs: Any) -> None:
    """
    Finished messages leave the queue, so that no worker ever gets them again.
    """
    finished(caller, sent(sqs, json.dumps(QUESTION)))
    late = monotonic() + TIMEOUT_SECONDS

    while (left := in_the_queue(sqs)) and monotonic() < late:
        sleep(PAUSE_SECONDS)

    assert left == 0


def in_the_queue(sqs: Any) -> int:
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(QueueUrl="JobsQueue", AttributeNames=counts)["Attributes"]

    return sum(map(int, attributes.values()))


def test_a_large_job_takes_the_way_through_the_bucket(gateway: Gateway, caller: httpx.Client) -> None:
    """
    A request and a result of more than 200 KB lie in the bucket, and the caller cannot tell.
    """
    rng = Random(1)
    # Noise, which does not become small when it is compressed.
    documents = [f"apples {number} {b64encode(rng.randbytes(4000)).decode()}" for number in range(100)]
    large = {**QUESTION, "documents": documents, "return_documents": True}

    job = finished(caller, caller.post(JOBS, json=large).json()["id"])

    results = job["result"]["results"]
    assert {each["index"]: each["document"]["text"] for each in results} == dict(enumerate(documents))
    with closing(client_of("s3", gateway.aws)) as s3:
        kept = [each["Key"] for each in s3.list_objects_v2(Bucket="payloadbucket")["Contents"]]
    assert [key.split("/")[:2] for key in kept] == [["payloads", job["id"]], ["results", job["id"]]]


def test_many_jobs_end(caller: httpx.Client) -> None:
    """
    More jobs than fit into one batch are all worked on.
    """
    taken = [caller.post(JOBS, json=QUESTION).json()["id"] for _ in range(25)]

    statuses = [finished(caller, job_id)["status"] for job_id in taken]

    assert statuses == ["completed"] * 25
