"""The queue of jobs: how one is written into a message, and read out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES, S3Objects
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.ports import JobQueue

JOB = "job"
"""The message attribute that names the job; what a producer sends by itself has none."""
FINGERPRINT = "fingerprint"
"""The attribute that says which request the job was made for."""
STORED = "stored"
"""The attribute of a message whose payload lies in the bucket, under the job's id."""


@dataclass(frozen=True, slots=True)
class SqsJobQueue(JobQueue):
    url: str
    objects: S3Objects

    def send(self, job: Job, body: bytes) -> None:
        attributes = {JOB: _string_attribute(job.id), FINGERPRINT: _string_attribute(job.fingerprint)}
        # SQS refuses characters that XML does not have, so everything beyond ASCII is escaped.
        text = json.dumps(from_json(body))
        if len(text) > MAX_INLINE_BYTES:
            self.objects.put(_payload_key(job.id), body)
            attributes, text = attributes | {STORED: _string_attribute("s3")}, "{}"
        with unavailable_on_aws_error("the queue of jobs"):
            aws_client("sqs").send_message(QueueUrl=self.url, MessageBody=text, MessageAttributes=attributes)

    def load(self, job_id: str | None, text: str, *, stored: bool) -> bytes:
        """The request's bytes, from the message's *text* or from where they are *stored*. Raises Unavailable."""
        return self.objects.get(_payload_key(job_id)) if stored and job_id else text.encode("utf-8", "surrogatepass")

    def extend_visibility(self, receipt: str, seconds: float) -> None:
        """Have the message of *receipt* come back after so many *seconds*. Raises Unavailable."""
        with unavailable_on_aws_error("the queue of jobs"):
            aws_client("sqs").change_message_visibility(
                QueueUrl=self.url, ReceiptHandle=receipt, VisibilityTimeout=min(round(seconds), MAX_VISIBILITY_S)
            )


MAX_VISIBILITY_S = 43_200
"""Seconds; SQS's own limit."""


def _string_attribute(value: str) -> Mapping[str, Any]:
    return {"DataType": "String", "StringValue": value}


def _payload_key(job_id: str | None) -> str:
    return f"payloads/{job_id}"
