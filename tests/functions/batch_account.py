"""The function that works through batches, and the AWS account that it lives in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from time import time
from typing import Any

import functions.batch_worker.app
from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.files import Purpose, StoredFile, object_key_of
from rerank_gateway.domain.batches.ports import Step
from rerank_gateway.entry.wiring.batches import BATCHES
from tests.fakes import FakeContext
from tests.functions.account import record

BATCHES_QUEUE, BATCHES_DEAD_LETTERS = (f"arn:aws:sqs:eu-west-1:123456789012:{name}" for name in ("batches", "b-dead"))
Record = dict[str, Any]


def line(number: int, **body: Any) -> dict[str, Any]:
    """A line whose best document tells which line it was."""
    texts = [f"red pears {number}", f"green apples {number}"]
    request = {"model": "local/bm25", "query": "apples", "documents": texts, "return_documents": True, "top_n": 1}

    return {"custom_id": f"line-{number}", "method": "POST", "url": "/v1/rerank", "body": request | body}


def jsonl(lines: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in lines)


@dataclass
class BatchAccount:
    client: Callable[[str], Any]
    queue_url: str

    def submit(self, content: bytes, **changes: Any) -> str:
        """Have a file with this *content* be a batch, as the API does; the batch's id."""
        number, now = len(self.keys("batches/files/")) + 1, time()
        owner = changes.get("owner", "master")
        file = StoredFile(
            id=f"file-{number}",
            owner=owner,
            purpose=Purpose.BATCH,
            filename="in.jsonl",
            size=len(content),
            object_key=object_key_of(f"file-{number}"),
            created_at=now,
            expires_at=now + 60_000,
        )
        self.client("s3").put_object(Bucket="payloads", Key=file.object_key, Body=content)
        BATCHES._files.add(file)
        made = Batch(id=f"batch_{number}", owner=owner, input_file_id=file.id, created_at=now, deadline=now + 86_400)
        batch = BATCHES.batch_work.add(replace(made, **changes))
        BATCHES.batch_queue.send(batch.id, Step.VALIDATE)

        return batch.id

    def batch(self, batch_id: str) -> Batch:
        found = BATCHES.batch_work.find(batch_id)
        assert found is not None

        return found

    def messages(self) -> list[Record]:
        """Up to ten messages of the queue, as Lambda hands them over."""
        options = {"MaxNumberOfMessages": 10, "AttributeNames": ["All"], "MessageAttributeNames": ["All"]}
        received = self.client("sqs").receive_message(QueueUrl=self.queue_url, **options)

        return [record(message, BATCHES_QUEUE) for message in received.get("Messages", [])]

    def work(self, records: Sequence[Record] | None = None, milliseconds: int = 900_000) -> list[str]:
        """Have *records* handled, or what is in the queue; the ids of those that must come again."""
        batch = self.messages() if records is None else list(records)
        response = functions.batch_worker.app.handler({"Records": batch}, FakeContext(milliseconds))
        again = {item["itemIdentifier"] for item in response["batchItemFailures"]}
        for each in batch:
            if each["messageId"] not in again:
                self.client("sqs").delete_message(QueueUrl=self.queue_url, ReceiptHandle=each["receiptHandle"])

        return sorted(again)

    def work_off(self, rounds: int = 100) -> None:
        """Go on until nothing is in the queue, but what is hidden there."""
        for _ in range(rounds):
            if not (records := self.messages()):
                return
            self.work(records)

    def wake(self) -> None:
        """Have all come that is hidden in the queue, and let all leases be over."""
        queue, table = self.client("sqs"), self.client("dynamodb")
        bodies = [json.loads(body) for body in hidden(queue, self.queue_url)]
        queue.purge_queue(QueueUrl=self.queue_url)
        for body in bodies:
            queue.send_message(QueueUrl=self.queue_url, MessageBody=json.dumps(body))
        for item in table.scan(TableName="batches")["Items"]:
            if "lease_until" in item:
                key = {name: item[name] for name in ("id", "part")}
                past = {":past": {"N": "0"}}
                table.update_item(
                    TableName="batches",
                    Key=key,
                    UpdateExpression="SET lease_until = :past",
                    ExpressionAttributeValues=past,
                )

    def results(self, file_id: str | None) -> list[Any]:
        """The lines of a file of results."""
        if file_id is None:
            return []
        file = BATCHES._files.find(file_id)
        assert file is not None
        content = self.client("s3").get_object(Bucket="payloads", Key=file.object_key)["Body"].read()
        assert len(content) == file.size

        return [json.loads(each) for each in content.splitlines()]

    def keys(self, prefix: str = "") -> list[str]:
        found = self.client("s3").list_objects_v2(Bucket="payloads", Prefix=prefix)

        return [entry["Key"] for entry in found.get("Contents", [])]


def hidden(queue: Any, url: str) -> list[str]:
    """The bodies of all messages there are, hidden ones too, by way of moto's memory."""
    from moto.sqs.models import sqs_backends

    found = sqs_backends["123456789012"]["eu-west-1"].queues[url.rpartition("/")[2]]

    return [message.body for message in found._messages]


def names(results: Sequence[Any]) -> list[str]:
    return [each["custom_id"] for each in results]
