"""An AWS account with what batches need, and what became of one there."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from time import time
from typing import Any
from uuid import uuid4

from rerank_gateway.adapters.aws.batch_items import to_batch, to_batch_item
from rerank_gateway.adapters.aws.file_items import to_file, to_file_item
from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.files import Purpose, StoredFile, object_key_of
from tests.crash.account import QUEUES, REGION, Account, Clients
from tests.tables import batches_table

BATCH_ID = "batch_1"


@dataclass(frozen=True)
class BatchesAccount(Account):
    """The same, with a table of batches."""

    @classmethod
    def opened(cls, url: str, clients: Clients, visibility: int = 5) -> BatchesAccount:
        name = f"batches-{uuid4().hex[:8]}"
        clients["s3"].create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        batches_table(lambda service: clients[service], name)
        clients["events"].create_event_bus(Name=name)
        attributes = {"VisibilityTimeout": str(visibility)}
        queue = clients["sqs"].create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

        return cls(url, clients, name, stream="", queue=queue, told="")

    def variables(self, config: str = "") -> dict[str, str]:
        return super().variables(config) | {
            "BATCHES_TABLE": self.name,
            "BATCHES_QUEUE_URL": self.queue,
            "BATCHES_DEAD_LETTER_QUEUE_ARN": f"{QUEUES}:{self.name}-dead",
        }

    def submit(self, lines: int, owner: str = "master") -> None:
        """Have a file of so many lines be a batch of *owner*."""
        content, now = b"".join(map(line, range(lines))), time()
        file = StoredFile(
            id="file-1",
            owner=owner,
            purpose=Purpose.BATCH,
            filename="in.jsonl",
            size=len(content),
            object_key=object_key_of("file-1"),
            created_at=now,
            expires_at=now + 86_400,
        )
        batch = Batch(id=BATCH_ID, owner=owner, input_file_id="file-1", created_at=now, deadline=now + 86_400)
        self.clients["s3"].put_object(Bucket=self.name, Key=file.object_key, Body=content)
        for item in (to_file_item(file), to_batch_item(batch)):
            self.clients["dynamodb"].put_item(TableName=self.name, Item=item)
        message = json.dumps({"batch": BATCH_ID, "step": "validate"})
        self.clients["sqs"].send_message(QueueUrl=self.queue, MessageBody=message)

    def cancel(self) -> None:
        """Call the batch off, unless all of its lines have ended."""
        values = {":to": {"S": "cancelling"}, ":from": {"S": "in_progress"}}
        with suppress(self.clients["dynamodb"].exceptions.ConditionalCheckFailedException):
            self.clients["dynamodb"].update_item(
                TableName=self.name,
                Key={"id": {"S": BATCH_ID}, "part": {"S": "batch"}},
                UpdateExpression="SET #status = :to",
                ConditionExpression="#status = :from",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=values,
            )

    def batch(self) -> Batch:
        return to_batch(self._item(BATCH_ID, "batch"))

    def has_ended(self) -> bool:
        return self.batch().has_ended

    def results(self, file_id: str | None) -> list[str]:
        """The names of the lines in a file of results."""
        if file_id is None:
            return []
        file = to_file(self._item(file_id, "file"))
        content = self.clients["s3"].get_object(Bucket=self.name, Key=file.object_key)["Body"].read()

        return [json.loads(each)["custom_id"] for each in content.splitlines()]

    def _item(self, item_id: str, part: str) -> Any:
        key = {"id": {"S": item_id}, "part": {"S": part}}

        return self.clients["dynamodb"].get_item(TableName=self.name, Key=key, ConsistentRead=True)["Item"]


def line(number: int) -> bytes:
    texts = [f"red pears {number}", f"green apples {number}"]
    body = {"model": "tei/m", "query": "apples", "documents": texts}

    return json.dumps({"custom_id": f"{number:06}", "body": body}).encode() + b"\n"


def report(account: BatchesAccount, lines: int) -> dict[str, int]:
    """What became of the batch of so many lines, by its files and by its own counts."""
    batch = account.batch()
    results, errors = account.results(batch.output_file_id), account.results(batch.error_file_id)
    there = Counter(results + errors)

    return {
        "lines": lines,
        "answered": len(results),
        "failed": len(errors),
        "lost": lines - len(there),
        "twice": there.total() - len(there),
        "misplaced": sum(each != right for each, right in zip(results, sorted(results), strict=True)),
        "miscounted": abs(batch.counts.completed - len(results)) + abs(batch.counts.failed - len(errors)),
    }
