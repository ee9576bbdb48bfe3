"""An AWS account with what jobs need."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import boto3
from botocore.config import Config

from local.queues.sqs_events import to_sqs_event
from tests.tables import table

REGION = "eu-west-1"
QUEUES = f"arn:aws:sqs:{REGION}:123456789012"
VISIBILITY = 600
"""Seconds after which a message that nobody has deleted comes back: more than anything takes here."""

Clients = Mapping[str, Any]
Record = Mapping[str, Any]
"""A message as Lambda hands it to a function."""


def clients(url: str) -> Clients:
    """The test's own way to the AWS at *url*; processes find theirs by their environment."""
    spelt_out = {"region_name": REGION, "aws_access_key_id": "nobody", "aws_secret_access_key": "nothing"}
    services, wide = ("dynamodb", "dynamodbstreams", "events", "s3", "sqs"), Config(max_pool_connections=50)

    return {service: boto3.client(service, endpoint_url=url, config=wide, **spelt_out) for service in services}


@dataclass(frozen=True)
class Account:
    """A table of jobs with a *stream* of its changes, their *queue*, and one that is *told* when they end."""

    url: str
    clients: Clients
    name: str
    stream: str
    queue: str
    told: str

    @classmethod
    def opened(cls, url: str, clients: Clients, visibility: int = VISIBILITY) -> Account:
        name = f"jobs-{uuid4().hex[:8]}"
        clients["s3"].create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})

        return cls(
            url,
            clients,
            name,
            stream=_table(clients, name),
            queue=_queue(clients, name, VisibilityTimeout=str(visibility)),
            told=_listener(clients, name),
        )

    def variables(self, config: str = "") -> dict[str, str]:
        """A function's environment in this account."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "JOBS_TABLE": self.name,
            "JOBS_QUEUE_URL": self.queue,
            "DEAD_LETTER_QUEUE_ARN": f"{QUEUES}:{self.name}-dead",
            "PAYLOAD_BUCKET": self.name,
            "EVENT_BUS": self.name,
            "MASTER_KEY": "sk-local",
            "GATEWAY_CONFIG": config,
            "POWERTOOLS_LOG_LEVEL": "WARNING",
        }

    def send(self, body: str) -> str:
        """Do as other producers do; the id of the message, which is its job's."""
        message: str = self.clients["sqs"].send_message(QueueUrl=self.queue, MessageBody=body)["MessageId"]

        return message

    def send_all(self, bodies: Sequence[str]) -> list[str]:
        """The same for up to ten at once."""
        entries = [{"Id": str(n), "MessageBody": body} for n, body in enumerate(bodies)]
        sent = self.clients["sqs"].send_message_batch(QueueUrl=self.queue, Entries=entries)["Successful"]

        return [message["MessageId"] for message in sorted(sent, key=lambda entry: int(entry["Id"]))]

    def receive(self) -> list[Record]:
        """Up to ten messages, hidden from others for a while."""
        received = self.clients["sqs"].receive_message(
            QueueUrl=self.queue,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        records: list[Record] = to_sqs_event(received.get("Messages", ()), f"{QUEUES}:{self.name}")["Records"]

        return records

    def delete(self, records: Sequence[Record]) -> None:
        entries = [{"Id": str(n), "ReceiptHandle": record["receiptHandle"]} for n, record in enumerate(records)]
        if entries:
            self.clients["sqs"].delete_message_batch(QueueUrl=self.queue, Entries=entries)

    def messages_left(self) -> int:
        """How many are in the queue, hidden ones among them."""
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.clients["sqs"].get_queue_attributes(QueueUrl=self.queue, AttributeNames=counts)["Attributes"]

        return sum(int(found[count]) for count in counts)


def _table(clients: Clients, name: str) -> str:
    """Make JobsTable as template.yaml has it, with a stream; the stream's ARN."""
    streamed = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    stream: str = table(clients["dynamodb"], name, "id", StreamSpecification=streamed)["LatestStreamArn"]

    return stream


def _queue(clients: Clients, name: str, **attributes: str) -> str:
    url: str = clients["sqs"].create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    return url


def _listener(clients: Clients, name: str) -> str:
    """Make a bus and a queue that gets every event on it; the queue's URL."""
    events, told = clients["events"], f"{name}-told"
    events.create_event_bus(Name=name)
    events.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps({"source": ["rerank-gateway"]}))
    events.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": told, "Arn": f"{QUEUES}:{told}"}])

    return _queue(clients, told)
