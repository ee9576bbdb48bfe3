"""The queue of what is to be done of batches. A message says what, and nothing of what a batch is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from typing import Any
from urllib.parse import unquote_plus

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.contents import Content
from rerank_gateway.domain.batches.messages import BatchMessage, Drop
from rerank_gateway.domain.batches.ports import BatchQueue, Step
from rerank_gateway.domain.errors import Unavailable

QUEUE = "the queue of batches"
AT_ONCE = 10
"""Messages that one request to SQS takes."""
MAX_VISIBILITY_S = 11 * 3600
"""SQS's own limit is twelve hours since the message was received."""

Record = Mapping[str, Any]
"""A message as Lambda hands it over."""


@dataclass(frozen=True, slots=True)
class SqsBatchQueue(BatchQueue):
    """*dead_letter_arn* is the queue to which SQS moves what was received too often."""

    url: str
    dead_letter_arn: str = ""

    def send(self, batch: Batch, step: Step, chunks: Sequence[int] = ()) -> None:
        # Whose messages they are tells SQS's fair queues who waits behind whom; a hash, whatever an id has in it.
        group = {"MessageGroupId": sha256(batch.owner.encode()).hexdigest()}
        if step is not Step.CHUNK:
            with unavailable_on_aws_error(QUEUE):
                aws_client("sqs").send_message(QueueUrl=self.url, MessageBody=_body(batch.id, step), **group)
            return
        for start in range(0, len(chunks), AT_ONCE):
            bodies = [_body(batch.id, step, chunk=chunk) for chunk in chunks[start : start + AT_ONCE]]
            entries = [{"Id": str(place), "MessageBody": body, **group} for place, body in enumerate(bodies)]
            with unavailable_on_aws_error(QUEUE):
                sent = aws_client("sqs").send_message_batch(QueueUrl=self.url, Entries=entries)
            if sent.get("Failed"):
                raise Unavailable(f"{QUEUE} did not take a message")

    def parse_record(self, record: Record) -> BatchMessage:
        """The message in *record*. Raises ValueError about what is none."""
        content, count = json.loads(record["body"]), int(record["attributes"]["ApproximateReceiveCount"])
        match content:
            case {"batch": str(batch_id), "step": str(step)}:
                return BatchMessage(record["messageId"], count, batch_id, Step(step), int(content.get("chunk", 0)))
            case {"Records": [*events]}:
                return BatchMessage(record["messageId"], count, drops=tuple(_drop(event["s3"]) for event in events))
            case {"Event": "s3:TestEvent"}:
                return BatchMessage(record["messageId"], count)

        raise ValueError("a message that is neither about a batch nor about an object")

    def is_dead_letter(self, record: Record) -> bool:
        return bool(record["eventSourceARN"] == self.dead_letter_arn)

    def extend_visibility(self, records: Sequence[Record], seconds: float) -> None:
        """Have the messages of up to ten *records* come back after so many *seconds*. Raises Unavailable."""
        timeout = min(ceil(seconds), MAX_VISIBILITY_S)
        entries = [
            {"Id": str(place), "ReceiptHandle": record["receiptHandle"], "VisibilityTimeout": timeout}
            for place, record in enumerate(records)
        ]
        with unavailable_on_aws_error(QUEUE):
            aws_client("sqs").change_message_visibility_batch(QueueUrl=self.url, Entries=entries)


def _body(batch_id: str, step: Step, **more: int) -> str:
    content: Mapping[str, Any] = {"batch": batch_id, "step": step, **more}

    return json.dumps(content)


def _drop(event: Mapping[str, Any]) -> Drop:
    """The object that an *event* of S3's tells of. docs.aws.amazon.com, "Event message structure", November 2026."""
    found = event["object"]

    return Drop(Content(unquote_plus(found["key"]), int(found["size"]), found["eTag"]), found.get("sequencer", ""))
