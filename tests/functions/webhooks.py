"""Webhooks with all that they are about: who registers them, whose jobs they tell of, and what delivers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import functions.webhooks.app
from tests.fakes import FakeContext
from tests.functions.account import Account, record
from tests.functions.admin import Admin
from tests.functions.gateway import Response, to_response

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:webhooks"


@dataclass
class Webhooks:
    account: Account
    admin: Admin
    queue_url: str
    function_name: str = FakeContext.function_name

    def register(self, url: str, name: str = "orders", **fields: Any) -> str:
        """A webhook called *name*: its secret."""
        made = self.admin.ask("webhook_create", {"name": name, "url": url, **fields})
        assert made.status == 201, made.text
        secret: str = made.json["secret"]

        return secret

    def ask(self, name: str, body: Any = None, **more: Any) -> Response:
        """Send events/NAME.json about the webhook `orders`."""
        return self.admin.ask(name, body, at="orders", **more)

    def redeliver(self, delivery: str, key: str = "sk-local") -> Response:
        sent = self.admin.event("webhook_redeliver", key=key) | {"pathParameters": {"name": "orders", "id": delivery}}

        return to_response(self.admin.answer(sent))

    def deliver(self) -> list[str]:
        """Have what is in the queue delivered; the ids of the messages that must come again."""
        options = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"]}
        received = self.account.client("sqs").receive_message(QueueUrl=self.queue_url, **options).get("Messages", [])
        event = {"Records": [record(message, QUEUE) for message in received]}
        context = FakeContext(60_000, self.function_name)
        failed = functions.webhooks.app.handler(event, context)["batchItemFailures"]
        again = [each["itemIdentifier"] for each in failed]
        for message in received:
            if message["MessageId"] not in again:
                handle = message["ReceiptHandle"]
                self.account.client("sqs").delete_message(QueueUrl=self.queue_url, ReceiptHandle=handle)

        return again

    def deliveries(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("webhook_deliveries", **query).json["data"]

        return found
