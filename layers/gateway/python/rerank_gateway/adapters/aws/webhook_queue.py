"""The queue of webhooks that are to be delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.adapters.aws.sqs_queue import MAX_VISIBILITY_S
from rerank_gateway.domain.webhooks.events import EventType, WebhookEvent, WebhookMessage
from rerank_gateway.domain.webhooks.ports import WebhookQueue

QUEUE = "the queue of webhooks"


@dataclass(frozen=True, slots=True)
class SqsWebhookQueue(WebhookQueue):
    url: str
    sqs: AwsJsonApi

    def send(self, message: WebhookMessage) -> None:
        event = message.event
        body = {
            "endpoint": message.endpoint,
            "run": message.run,
            "type": event.type,
            "subject": event.subject,
            "at": event.at,
            "data": event.data,
        }
        # Where one endpoint's messages take long, or are many, SQS hands over those of others first.
        fair = {"MessageGroupId": message.endpoint}
        self.sqs.call("SendMessage", {"QueueUrl": self.url, "MessageBody": json.dumps(body), **fair})

    def parse_record(self, record: Mapping[str, Any]) -> WebhookMessage:
        """The message in *record*, as Lambda hands it over. Raises ValueError or KeyError for one that is none."""
        body = json.loads(record["body"])
        event = WebhookEvent(EventType(body["type"]), body["subject"], body["at"], body["data"])

        return WebhookMessage(body["endpoint"], event, body["run"])

    def extend_visibility(self, record: Mapping[str, Any], seconds: float) -> None:
        """Have the message of *record* come back after so many *seconds*, twelve hours at most. Raises Unavailable."""
        change = {
            "QueueUrl": self.url,
            "ReceiptHandle": record["receiptHandle"],
            "VisibilityTimeout": min(ceil(seconds), MAX_VISIBILITY_S),
        }
        self.sqs.call("ChangeMessageVisibility", change)
