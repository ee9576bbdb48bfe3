"""Jobs as messages of SQS: what is written into one is what is read out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from rerank_gateway.adapters.aws.job_messages import JOB, MAX_STORED_BYTES, SIZE, STORED, JobMessages
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES, S3Objects
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs.ports import JobMessage
from rerank_gateway.domain.jobs.result_ttl import DEFAULT_RESULT_TTL_S
from tests.embedded_aws import bucket
from tests.job_fakes import job

MESSAGES = JobMessages(S3Objects("payloads"))


def delivered(message: Mapping[str, Any], receive_count: int = 1) -> JobMessage:
    """*message* as a worker reads it."""
    attributes = message.get("MessageAttributes", {}).items()

    return MESSAGES.parse_record(
        {
            "messageId": "m",
            "body": message["MessageBody"],
            "messageAttributes": {name: {"stringValue": value["StringValue"]} for name, value in attributes},
            "attributes": {"SentTimestamp": "1500", "ApproximateReceiveCount": str(receive_count)},
        }
    )


def test_a_job_and_its_request_come_back() -> None:
    """
    Whatever characters it has: SQS carries ASCII, and the JSON means the same.
    """
    body = json.dumps({"query": "Größe \u2028😀\u0001"}, ensure_ascii=False).encode()

    message = delivered(MESSAGES.to_message(job("a"), body), receive_count=3)

    assert json.loads(message.load()) == json.loads(body)
    assert (message.job_id, message.fingerprint, message.id) == ("a", "f", "m")
    assert (message.sent_at, message.receive_count) == (1.5, 3)


def test_a_large_request_lies_in_the_bucket(embedded_aws: Any) -> None:
    """
    The message says so, and is small.
    """
    bucket(embedded_aws)
    body = json.dumps("x" * MAX_INLINE_BYTES).encode()

    message = MESSAGES.to_message(job("a"), body)

    assert message["MessageBody"] == "{}"
    assert delivered(message).load() == body


def test_a_producers_message_is_a_request_and_nothing_else() -> None:
    """
    Without attributes it is the master key's, and its result is kept for the usual time.
    """
    message = delivered({"MessageBody": '{"model": "local/bm25"}'})

    assert message.load() == b'{"model": "local/bm25"}'
    assert (message.owner, message.result_ttl) == ("master", DEFAULT_RESULT_TTL_S)
    assert (message.job_id, message.fingerprint) == (None, "")


@pytest.mark.parametrize(("value", "result_ttl"), [("600", 600), ("soon", DEFAULT_RESULT_TTL_S)])
def test_a_producer_may_say_whose_it_is_and_for_how_long(value: str, result_ttl: int) -> None:
    """
    A time that is none is an error of the job's, which is kept for the usual time.
    """
    attributes = {name: {"StringValue": text} for name, text in (("owner", "team-a"), ("result-ttl", value))}

    message = delivered({"MessageBody": "{}", "MessageAttributes": attributes})

    assert (message.owner, message.result_ttl) == ("team-a", result_ttl)
    if value == "soon":
        with pytest.raises(InvalidRequest, match="result-ttl must be a whole number of seconds"):
            message.load()


@pytest.mark.parametrize(
    "owner",
    [
        {"dataType": "Number", "stringValue": "7"},
        {"dataType": "Binary", "binaryValue": "dGVhbS1h"},
        {"dataType": "String.uuid", "stringValue": "7"},
        {"dataType": "String", "stringValue": "master"},
        {"dataType": "String", "stringValue": "x" * 501},
    ],
)
def test_an_owner_that_is_none_is_refused(owner: dict[str, str]) -> None:
    """
    The error names the attribute, and is kept as the outcome of the job.
    """
    sent = {"SentTimestamp": "1500", "ApproximateReceiveCount": "1"}
    record = {"messageId": "m", "body": "{}", "messageAttributes": {"owner": owner}, "attributes": sent}

    message = MESSAGES.parse_record(record)

    with pytest.raises(InvalidRequest, match="owner must") as refused:
        message.load()
    assert refused.value.param == "owner"


@pytest.mark.parametrize("size", [None, "", "²", "-1", "9" * 10])
def test_a_stored_request_of_unknown_size_is_taken_for_the_largest(size: str | None) -> None:
    """
    A worker then runs it alone, rather than out of memory.
    """
    told = {} if size is None else {SIZE: {"StringValue": size}}
    stored = {JOB: {"StringValue": "a"}, STORED: {"StringValue": "s3"}, **told}

    assert delivered({"MessageBody": "{}", "MessageAttributes": stored}).size == MAX_STORED_BYTES
