"""The function that works through batches, and the AWS account that it lives in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from time import time
from typing import Any

import functions.batch_worker.app
from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.files import Purpose, StoredFile, object_key_of
from rerank_gateway.domain.batches.ports import Step
from rerank_gateway.entry.wiring.batches import BATCHES
from tests.fakes import FakeContext
from tests.functions.account import Account, record
from tests.upstream import Question

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
    function_name: str = FakeContext.function_name

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
        BATCHES.batch_queue.send(batch, Step.VALIDATE)

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
        context = FakeContext(milliseconds, self.function_name)
        response = functions.batch_worker.app.handler({"Records": batch}, context)
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
        """Have all come at once that is hidden in the queue, let all leases be over, and every end be a while ago."""
        for message in hidden(self.queue_url):
            message.change_visibility(0)
        for item in self.client("dynamodb").scan(TableName="batches")["Items"]:
            for name in ("lease_until", "completed_at"):
                if name in item:
                    self._set(item, name, time() - 60)

    def survive(self) -> None:
        """Have messages handled by a worker that may die of it."""
        with suppress(Died):
            self.work_off()

    def give_key(self, key_id: str, **limits: Any) -> None:
        """Have there be a key of this id."""
        item = {"key_hash": {"S": f"id#{key_id}"}, "id": {"S": key_id}, "models": {"SS": ["*"]}, **limits}
        self.client("dynamodb").put_item(TableName="keys", Item=item)

    def watch_bucket(self) -> None:
        """Have the queue be told of objects that are put into the bucket, as the template says."""
        rules = [{"Name": "prefix", "Value": "batches/in/"}]
        filtered = {"Filter": {"Key": {"FilterRules": rules}}, "Events": ["s3:ObjectCreated:*"]}
        self.client("s3").put_bucket_notification_configuration(
            Bucket="payloads",
            NotificationConfiguration={"QueueConfigurations": [{"QueueArn": BATCHES_QUEUE, **filtered}]},
        )

    def drop(self, name: str, lines: Iterable[Any]) -> None:
        """Put a file of *lines* into the bucket, as an account's own do."""
        self.client("s3").put_object(Bucket="payloads", Key=f"batches/in/master/{name}", Body=jsonl(lines))

    def dropped(self, name: str) -> list[Any]:
        """The lines of what came of such a file."""
        found = self.client("s3").get_object(Bucket="payloads", Key=f"batches/out/master/{name}")

        return [json.loads(each) for each in found["Body"].read().splitlines()]

    def events(self) -> Callable[[], list[Any]]:
        """Listen on the event bus; what has come of it, whenever it is asked for."""
        return Account(self.client, self.queue_url).events()

    def set_deadline(self, batch_id: str, deadline: float) -> None:
        """Have the completion window of a batch end then."""
        self._set({"id": {"S": batch_id}, "part": {"S": "batch"}}, "deadline", deadline)

    def _set(self, item: Any, name: str, value: float) -> None:
        self.client("dynamodb").update_item(
            TableName="batches",
            Key={each: item[each] for each in ("id", "part")},
            UpdateExpression=f"SET {name} = :value",
            ExpressionAttributeValues={":value": {"N": repr(value)}},
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


def hidden(url: str) -> list[Any]:
    """All messages there are, in moto's memory."""
    from moto.sqs.models import sqs_backends

    return list(sqs_backends["123456789012"]["eu-west-1"].queues[url.rpartition("/")[2]]._messages)


def names(results: Sequence[Any]) -> list[str]:
    return [each["custom_id"] for each in results]


WRITES = {
    "PutItem",
    "UpdateItem",
    "TransactWriteItems",
    "PutObject",
    "SendMessage",
    "SendMessageBatch",
    "PutEvents",
    "DeleteObjects",
}


class Died(BaseException):
    """A worker that is killed: no part of the code handles that."""


@dataclass
class Death:
    """Kills the worker at its write of this *number*, counted from 0, *before* it or when it is done."""

    number: int
    before: bool
    is_dead: bool = False

    @contextmanager
    def lurking(self, client: Callable[[str], Any]) -> Iterator[None]:
        event = "before-send" if self.before else "before-parse"
        services = [client(service).meta.events for service in ("dynamodb", "s3", "sqs", "events")]
        for events in services:
            events.register(event, self._strike, unique_id="death")
        try:
            yield
        finally:
            for events in services:
                events.unregister(event, self._strike, unique_id="death")

    def _strike(self, event_name: str, **_: Any) -> None:
        if event_name.rpartition(".")[2] in WRITES:
            self.is_dead |= self.strikes()
        if self.is_dead:
            raise Died

    def strikes(self) -> bool:
        """Whether it kills now."""
        self.number -= 1

        return self.number < 0


@dataclass
class Meanwhile:
    """Has something *happen* just before a call of that *operation* is sent, when so many have gone before it."""

    operation: str
    happen: Callable[[], Any]
    after: int = 0

    @contextmanager
    def lurking(self, client: Callable[[str], Any]) -> Iterator[None]:
        event, events = f"before-send.dynamodb.{self.operation}", client("dynamodb").meta.events
        events.register(event, self._strike, unique_id="meanwhile")
        try:
            yield
        finally:
            events.unregister(event, self._strike, unique_id="meanwhile")

    def _strike(self, **_: Any) -> None:
        self.after -= 1
        if self.after == -1:
            self.happen()


@dataclass
class Poison(Death):
    """Kills a worker as soon as it has asked a provider about the documents of one line."""

    questions: list[Question] = field(default_factory=list)

    def strikes(self) -> bool:
        return any(b"poison" in question.body for question in self.questions[self.number :])
