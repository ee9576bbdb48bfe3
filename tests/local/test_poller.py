"""What becomes of a queue's messages, whatever the function does with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from queue import Queue
from threading import Event
from time import sleep
from typing import Any
from uuid import uuid4

import pytest

from local.aws.embedded_aws import start_embedded_aws
from local.cloudformation.template import EventSourceMapping
from local.console import print_batch, print_error
from local.lambda_runtime import Invoke
from local.queues.poller import OnError, Poller
from tests.local.conftest import client_of

TIMEOUT_SECONDS = 10.0


@pytest.fixture(scope="module")
def aws() -> str:
    return start_embedded_aws({})


@pytest.fixture
def sqs(aws: str) -> Iterator[Any]:
    with closing(client_of("sqs", aws)) as client:
        yield client


@dataclass(frozen=True)
class Jobs:
    """A queue, and the *pollers* that it was given."""

    sqs: Any
    url: str
    pollers: list[Poller] = field(default_factory=list)

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def poller(self, invoke: Invoke, on_error: OnError = print_error) -> Poller:
        mapping = EventSourceMapping(
            queue_arn="arn:aws:sqs:us-east-1:123456789012:jobs", function="Worker", batch_size=10
        )

        poller = Poller(mapping, invoke, self.sqs, self.url, print_batch, on_error, long_poll_seconds=1)
        self.pollers.append(poller)

        return poller

    def left(self) -> list[str]:
        messages = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages", [])

        return [message["Body"] for message in messages]


@pytest.fixture
def jobs(sqs: Any, request: pytest.FixtureRequest) -> Iterator[Jobs]:
    """Messages that are not deleted are redelivered at once, unless the test says otherwise."""
    attributes = {"VisibilityTimeout": getattr(request, "param", "0")}
    jobs = Jobs(sqs, sqs.create_queue(QueueName=f"jobs-{uuid4()}", Attributes=attributes)["QueueUrl"])
    yield jobs
    # All that moto has in this process is one account, which other tests empty.
    for poller in jobs.pollers:
        poller.stop()


def test_what_is_done_is_deleted(jobs: Jobs, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Messages that the function names as unfinished stay, the others go, and the terminal has the numbers.
    """
    jobs.send("done", "undone", "done too")

    def invoke(event: Mapping[str, Any]) -> Any:
        undone = [record["messageId"] for record in event["Records"] if record["body"] == "undone"]
        return {"batchItemFailures": [{"itemIdentifier": message} for message in undone]}

    jobs.poller(invoke).poll_once()

    assert jobs.left() == ["undone"]
    assert "  Worker  3 messages  " in (line := capsys.readouterr().out)
    assert line.endswith(" ms  1 failed\n")


def test_a_function_that_raises_has_done_nothing(jobs: Jobs) -> None:
    """
    When the function fails, its whole batch stays.
    """
    jobs.send("one", "two")

    def invoke(_: Mapping[str, Any]) -> Any:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        jobs.poller(invoke).poll_once()

    assert jobs.left() == ["one", "two"]


def test_polling_goes_on_after_a_failure(jobs: Jobs) -> None:
    """
    A failure is reported, and the messages are redelivered.
    """
    receives, failures = Queue[str](), Queue[str]()
    jobs.send("one")

    def invoke(event: Mapping[str, Any]) -> Any:
        count = event["Records"][0]["attributes"]["ApproximateReceiveCount"]
        receives.put(count)
        if count == "1":
            raise ValueError("broken")

    jobs.poller(invoke, lambda function, error: failures.put(f"{function}: {error}")).start()

    assert [receives.get(timeout=TIMEOUT_SECONDS), receives.get(timeout=TIMEOUT_SECONDS)] == ["1", "2"]
    assert failures.get(timeout=TIMEOUT_SECONDS) == "Worker: broken"


def test_a_failure_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """
    However long-winded a failure is, the terminal has one line of it.
    """
    print_error("Worker", ValueError("broken\n  in two\x1b[2J"))

    assert capsys.readouterr().err[8:] == "  Worker  failed  ValueError: broken in two\\x1b[2J\n"


@pytest.mark.parametrize("jobs", ["60"], indirect=True)
def test_a_slow_batch_does_not_keep_up_the_next_one(jobs: Jobs) -> None:
    """
    While one batch is worked on, another one is, too.
    """
    taken, both, done = Event(), Event(), Queue[str]()

    def invoke(event: Mapping[str, Any]) -> Any:
        [record] = event["Records"]
        taken.set()
        if record["body"] == "fast":
            both.set()
        assert both.wait(TIMEOUT_SECONDS)
        done.put(record["body"])

    jobs.poller(invoke).start()
    jobs.send("slow")
    taken.wait(TIMEOUT_SECONDS)
    jobs.send("fast")

    assert {done.get(timeout=TIMEOUT_SECONDS), done.get(timeout=TIMEOUT_SECONDS)} == {"slow", "fast"}


@pytest.mark.parametrize("jobs", ["60"], indirect=True)
def test_who_was_stopped_takes_no_message(jobs: Jobs) -> None:
    """
    A batch that is under way is ended before; what comes afterwards stays.
    """
    taken, done = Event(), list[str]()

    def invoke(event: Mapping[str, Any]) -> Any:
        taken.set()
        sleep(0.1)
        done.extend(record["body"] for record in event["Records"])

    poller = jobs.poller(invoke)
    jobs.send("before")
    poller.start()
    taken.wait(TIMEOUT_SECONDS)
    poller.stop()
    ended = [*done]
    jobs.send("afterwards")

    assert (ended, jobs.left()) == (["before"], ["afterwards"])
