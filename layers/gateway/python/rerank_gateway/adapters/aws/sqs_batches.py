"""The queue of what is to be done of batches. A message says what, and nothing of what a batch is about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.domain.batches.ports import BatchQueue, Step
from rerank_gateway.domain.errors import Unavailable

QUEUE = "the queue of batches"
AT_ONCE = 10
"""Messages that one request to SQS takes."""


@dataclass(frozen=True, slots=True)
class SqsBatchQueue(BatchQueue):
    url: str

    def send(self, batch_id: str, step: Step, chunks: Sequence[int] = ()) -> None:
        if step is not Step.CHUNK:
            with unavailable_on_aws_error(QUEUE):
                aws_client("sqs").send_message(QueueUrl=self.url, MessageBody=_body(batch_id, step))
            return
        for start in range(0, len(chunks), AT_ONCE):
            bodies = [_body(batch_id, step, chunk=chunk) for chunk in chunks[start : start + AT_ONCE]]
            entries = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)]
            with unavailable_on_aws_error(QUEUE):
                sent = aws_client("sqs").send_message_batch(QueueUrl=self.url, Entries=entries)
            if sent.get("Failed"):
                raise Unavailable(f"{QUEUE} did not take a message")


def _body(batch_id: str, step: Step, **more: int) -> str:
    content: Mapping[str, Any] = {"batch": batch_id, "step": step, **more}

    return json.dumps(content)
