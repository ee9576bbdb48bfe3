"""The gateway's functions and the AWS account that they live in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from time import time
from typing import Any

import functions.status.app
import functions.submit.app
import functions.worker.app
from tests.fakes import FakeContext
from tests.functions.gateway import LEAST, Response, event, invoke, to_response

QUEUE, DEAD_LETTER_QUEUE = ("arn:aws:sqs:eu-west-1:123456789012:" + name for name in ("jobs", "dead"))

Headers = dict[str, str]


@dataclass
class Account:
    """The gateway's functions, and the AWS account that they live in."""

    client: Callable[[str], Any]
    queue_url: str

    def submit(self, body: Any = LEAST, headers: Headers | None = None) -> Response:
        request = event("submit")
        del request["headers"]["idempotency-key"]
        request["headers"] |= headers or {}
        request["body"] = json.dumps(body)

        return to_response(functions.submit.app.handler(request, FakeContext()))

    def poll(self, job_id: str, key: str = "sk-local", wait: str = "0", milliseconds: int = 29_000) -> Response:
        request = for_job(event("poll"), job_id, key) | {"queryStringParameters": {"wait": wait}}

        return to_response(functions.status.app.handler(request, FakeContext(milliseconds)))

    def cancel(self, job_id: str, key: str = "sk-local") -> Response:
        return to_response(functions.status.app.handler(for_job(event("cancel"), job_id, key), FakeContext()))

    def messages(self) -> list[dict[str, Any]]:
        """Up to ten messages of the queue, as Lambda hands them to the worker."""
        options = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
        received = self.client("sqs").receive_message(QueueUrl=self.queue_url, **options)

        return [record(message) for message in received.get("Messages", [])]

    def events(self) -> Callable[[], list[dict[str, Any]]]:
        """Listen on the event bus; what has come of it since the last time, whenever it is asked for."""
        sqs, event_bridge = self.client("sqs"), self.client("events")
        url = sqs.create_queue(QueueName="events")["QueueUrl"]
        event_bridge.put_rule(Name="jobs", EventPattern=json.dumps({"source": ["rerank-gateway"]}))
        event_bridge.put_targets(Rule="jobs", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:eu-west-1:123456789012:events"}])

        def received() -> list[dict[str, Any]]:
            batches = iter(lambda: sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"), None)

            return [json.loads(message["Body"]) for batch in batches for message in batch]

        return received

    def work(
        self, records: list[dict[str, Any]] | None = None, milliseconds: int = 60_000, memory_mb: int = 1024
    ) -> list[str]:
        """Have the worker handle *records*, or what is in the queue; the ids of those that must come again."""
        batch = {"Records": self.messages() if records is None else records}
        response = functions.worker.app.handler(batch, FakeContext(milliseconds, memory_limit_in_mb=str(memory_mb)))

        return [item["itemIdentifier"] for item in response["batchItemFailures"]]


def for_job(request: dict[str, Any], job_id: str, key: str) -> dict[str, Any]:
    headers = request["headers"] | {"authorization": f"Bearer {key}"}

    return request | {"headers": headers, "pathParameters": {"id": job_id}}


def record(message: dict[str, Any], arn: str = QUEUE) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {}).items()

    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {name: {"stringValue": value["StringValue"]} for name, value in attributes},
        "eventSourceARN": arn,
    }


def sync(body: Any) -> Response:
    """What the sync route answers to *body*."""
    return invoke(event("rerank") | {"body": json.dumps(body)})


def records_of(name: str) -> list[dict[str, Any]]:
    """The records of events/NAME.json, sent just now."""
    records: list[dict[str, Any]] = event(name)["Records"]
    for entry in records:
        entry["attributes"]["SentTimestamp"] = str(int(time() * 1000))

    return records
