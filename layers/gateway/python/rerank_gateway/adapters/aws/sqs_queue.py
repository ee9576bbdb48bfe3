"""The queue of jobs."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.job_messages import JobMessages, Record
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.ports import JobMessage, JobQueue

MAX_VISIBILITY_S = 43_200
"""Seconds; SQS's own limit."""


@dataclass(frozen=True, slots=True)
class SqsJobQueue(JobQueue):
    """*dead_letter_arn* is the queue to which SQS moves what was received too often."""

    url: str
    dead_letter_arn: str
    messages: JobMessages

    def send(self, job: Job, body: bytes) -> None:
        message = self.messages.to_message(job, body)
        with unavailable_on_aws_error("the queue of jobs"):
            aws_client("sqs").send_message(QueueUrl=self.url, **message)

    def parse_record(self, record: Record) -> JobMessage:
        return self.messages.parse_record(record)

    def is_dead_letter(self, record: Record) -> bool:
        return bool(record["eventSourceARN"] == self.dead_letter_arn)

    def extend_visibility(self, record: Record, seconds: float) -> None:
        """Have the message of *record* come back after so many *seconds*. Raises Unavailable."""
        with unavailable_on_aws_error("the queue of jobs"):
            aws_client("sqs").change_message_visibility(
                QueueUrl=self.url,
                ReceiptHandle=record["receiptHandle"],
                VisibilityTimeout=min(round(seconds), MAX_VISIBILITY_S),
            )
