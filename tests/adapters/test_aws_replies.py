"""Replies of AWS that are not all there."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest

from rerank_gateway.adapters.aws.client import _cached_client
from rerank_gateway.adapters.aws.dynamodb_jobs import DynamoJobStore
from rerank_gateway.adapters.aws.eventbridge import EventBridgePublisher
from rerank_gateway.adapters.aws.job_messages import JobMessages
from rerank_gateway.adapters.aws.jobs_table import JobsTable
from rerank_gateway.adapters.aws.json_api import DYNAMODB, EVENTBRIDGE, SQS
from rerank_gateway.adapters.aws.s3_contents import S3Contents
from rerank_gateway.adapters.aws.s3_objects import S3Objects
from rerank_gateway.adapters.aws.sqs_queue import SqsJobQueue
from rerank_gateway.domain.batches.contents import Content
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Lease, Outcome, Status
from tests.embedded_aws import aws_api
from tests.fakes import FakeClock
from tests.job_fakes import BODY, DONE, job
from tests.upstream import Answer, says, upstream, written

ITEM = (
    b'{"Item": {"id": {"S": "j"}, "owner": {"S": "team"}, "fingerprint": {"S": "f"}, "status": {"S": "pending"}, '
    b'"created_at": {"N": "1"}, "expires_at": {"N": "9"}, "result_ttl": {"N": "60"}}}'
)
STORE = DynamoJobStore(JobsTable("jobs", aws_api(DYNAMODB)), S3Objects("payloads"))
QUEUE = SqsJobQueue("http://127.0.0.1/queue", "", JobMessages(S3Objects("payloads")), aws_api(SQS))
FINISHED = job(status=Status.FAILED, outcome=Outcome(500, b""), completed_at=2.0)


@pytest.fixture
def aws_says(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have every service of AWS's give this answer; the server that does."""
    for name, value in {"REGION": "eu-west-1"}.items():
        monkeypatch.setenv(f"AWS_DEFAULT_{name}", value)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    servers = []

    def start(answer: Answer) -> Any:
        server = upstream(answer)
        aws = server.__enter__()
        servers.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
        _cached_client.cache_clear()

        return aws

    yield start
    for server in servers:
        server.__exit__(None, None, None)
    _cached_client.cache_clear()


def until_the_end(body: bytes) -> Answer:
    """A reply of no known length: it is over when the connection is."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\n\r\n" + body)
        connection.shutdown(socket.SHUT_RDWR)

    return answer


@pytest.mark.parametrize("length", [0, 1, 20, len(ITEM) - 1])
@pytest.mark.parametrize("reply", [says, until_the_end], ids=["of known length", "until the end"])
def test_a_job_whose_reply_breaks_off_is_not_missing(
    aws_says: Callable[[Answer], Any], reply: Callable[[bytes], Answer], length: int
) -> None:
    """
    Nobody is told that there is no such job because a connection broke.
    """
    aws_says(reply(ITEM[:length]))

    with pytest.raises(Unavailable):
        STORE.find("j", now=1.0)


def test_a_whole_reply_is_what_it_says(aws_says: Callable[[Answer], Any]) -> None:
    """
    An item that is there, and one that is not.
    """
    aws_says(until_the_end(ITEM))
    found = STORE.find("j", now=1.0)
    aws_says(until_the_end(b"{}"))
    missing = STORE.find("j", now=1.0)

    assert found
    assert (found.id, missing) == ("j", None)


@pytest.mark.parametrize(
    "call",
    [
        lambda: STORE.add(job(), 1.0),
        lambda: STORE.claim("j", "f", Lease("w", 9.0), 1.0),
        lambda: STORE.finish(job(), DONE, 1.0),
        lambda: STORE.release(job(), 9.0, None),
        lambda: QUEUE.send(job(), BODY),
        lambda: EventBridgePublisher("default", aws_api(EVENTBRIDGE)).publish(FINISHED),
        lambda: S3Objects("payloads").get("j"),
    ],
    ids=["add", "claim", "finish", "release", "send", "publish", "get"],
)
def test_nothing_is_taken_for_done_by_an_empty_reply(
    aws_says: Callable[[Answer], Any], call: Callable[[], object]
) -> None:
    """
    What was answered with nothing may have been done or not: it is to be tried again.
    """
    aws_says(until_the_end(b""))

    with pytest.raises(Unavailable):
        call()


def test_no_call_begins_that_could_not_end_in_time(aws_says: Callable[[Answer], Any]) -> None:
    """
    A try may take four seconds; with less than that left, AWS is not asked.
    """
    aws, clock = aws_says(says({})), FakeClock()
    late = Deadline.after(clock, 3.9)

    with pytest.raises(Unavailable):
        STORE.before(late).add(job(), 1.0)
    with pytest.raises(Unavailable):
        QUEUE.before(late).send(job(), BODY)
    STORE.before(Deadline.after(clock, 4.1)).find("j", 1.0)

    assert len(aws.questions) == 1


def breaking_off(times: int) -> Answer:
    """A long object, of which so many replies have half."""
    left = [times]

    def answer(connection: socket.socket) -> None:
        left[0] -= 1
        body = written(b"x" * 100, headers={"content-type": "binary/octet-stream"})
        connection.sendall(body if left[0] < 0 else body[:-50])
        if left[0] >= 0:
            connection.shutdown(socket.SHUT_RDWR)

    return answer


@pytest.mark.parametrize("times", [1, 3])
def test_a_part_of_a_batch_whose_reply_breaks_off_is_read_again(aws_says: Callable[[Answer], Any], times: int) -> None:
    """
    Thousands of them make the results of a batch, which would never be there if each had to come at once.
    """
    aws_says(breaking_off(times))

    assert S3Contents("payloads").get("batches/parts/b/1-l") == b"x" * 100


def test_a_part_that_never_comes_is_unavailable(aws_says: Callable[[Answer], Any]) -> None:
    """
    Whoever waits for it comes again later.
    """
    aws = aws_says(breaking_off(100))

    with pytest.raises(Unavailable):
        S3Contents("payloads").read(Content("batches/files/f", 100, ""), 0, 100)
    assert len(aws.questions) >= 4
