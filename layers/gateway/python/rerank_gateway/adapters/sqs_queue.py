"""The queue of jobs: how one is written into a message, and read out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from rerank_gateway.adapters import aws
from rerank_gateway.adapters.s3_objects import LARGEST_INLINE, S3Objects
from rerank_gateway.domain.job_ports import Queue
from rerank_gateway.domain.jobs import Job

JOB = "job"
"""The message attribute that names the job; what a producer sends by itself has none."""
FINGERPRINT = "fingerprint"
"""The attribute that says which request the job was made for."""
STORED = "stored"
"""The attribute of a message whose payload lies in the bucket, under the job's id."""


@dataclass(frozen=True, slots=True)
class SqsQueue(Queue):
    url: str
    objects: S3Objects

    def send(self, job: Job, body: bytes) -> None:
        attributes = {JOB: _text(job.id), FINGERPRINT: _text(job.fingerprint)}
        # SQS refuses characters that XML does not have, so everything beyond ASCII is escaped.
        text = json.dumps(from_json(body))
        if len(text) > LARGEST_INLINE:
            self.objects.put(_place(job.id), body)
            attributes, text = attributes | {STORED: _text("s3")}, "{}"
        with aws.within_reach("the queue of jobs"):
            aws.client("sqs").send_message(QueueUrl=self.url, MessageBody=text, MessageAttributes=attributes)

    def load(self, job_id: str | None, text: str, *, stored: bool) -> bytes:
        """The request's bytes, from the message's *text* or from where they are *stored*. Raises Unavailable."""
        return self.objects.get(_place(job_id)) if stored and job_id else text.encode("utf-8", "surrogatepass")

    def hide(self, receipt: str, seconds: float) -> None:
        """Have the message of *receipt* come back after so many *seconds*. Raises Unavailable."""
        with aws.within_reach("the queue of jobs"):
            aws.client("sqs").change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=min(round(seconds), LONGEST_HIDDEN)
            )


LONGEST_HIDDEN = 43_200
"""Seconds; SQS's own limit."""


def _text(value: str) -> Mapping[str, Any]:
    return {"DataType": "String", "StringValue": value}


def _place(job_id: str | None) -> str:
    return f"payloads/{job_id}"
