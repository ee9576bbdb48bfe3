"""The queue of jobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from rerank_gateway.adapters.aws.job_messages import JobMessages, Record
from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.adapters.aws.sqs_shadows import is_shadow, parse_shadow
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.ports import JobMessage, JobQueue
from rerank_gateway.domain.shadows.question import ShadowQuestion

QUEUE = "the queue of jobs"
MAX_VISIBILITY_S = 12 * 3600 - 900
"""Seconds that a message can be hidden after it was received; SQS's own limit, of which its worker has had some."""


@dataclass(frozen=True, slots=True)
class SqsJobQueue(JobQueue):
    """*dead_letter_arn* is the queue to which SQS moves what was received too often."""

    url: str
    dead_letter_arn: str
    messages: JobMessages
    sqs: AwsJsonApi
    deadline: Deadline | None = None

    def before(self, deadline: Deadline) -> SqsJobQueue:
        objects = replace(self.messages.objects, deadline=deadline)

        return replace(self, messages=JobMessages(objects), deadline=deadline)

    def send(self, job: Job, body: bytes) -> None:
        message = self.messages.to_message(job, body)
        self.sqs.call("SendMessage", {"QueueUrl": self.url, **message}, self.deadline)

    def parse_record(self, record: Record) -> JobMessage:
        return self.messages.parse_record(record)

    def is_dead_letter(self, record: Record) -> bool:
        return bool(record["eventSourceARN"] == self.dead_letter_arn)

    def is_shadow(self, record: Record) -> bool:
        return is_shadow(record)

    def parse_shadow(self, record: Record) -> ShadowQuestion:
        return parse_shadow(record)

    def extend_visibility(self, record: Record, seconds: float) -> None:
        """Have the message of *record* come back after so many *seconds*. Raises Unavailable."""
        change = {
            "QueueUrl": self.url,
            "ReceiptHandle": record["receiptHandle"],
            "VisibilityTimeout": min(ceil(seconds), MAX_VISIBILITY_S),
        }
        self.sqs.call("ChangeMessageVisibility", change)
