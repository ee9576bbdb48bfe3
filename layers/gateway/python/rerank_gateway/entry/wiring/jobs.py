"""Assembly of what works through jobs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rerank_gateway.adapters.aws.dynamodb_job_index import DynamoJobIndex
from rerank_gateway.adapters.aws.dynamodb_jobs import DynamoJobStore
from rerank_gateway.adapters.aws.eventbridge import BUS, EventBridgePublisher
from rerank_gateway.adapters.aws.job_messages import JobMessages
from rerank_gateway.adapters.aws.jobs_table import JOBS, JobsTable
from rerank_gateway.adapters.aws.json_api import DYNAMODB, EVENTBRIDGE, SQS
from rerank_gateway.adapters.aws.s3_objects import S3Objects
from rerank_gateway.adapters.aws.sqs_queue import QUEUE, SqsJobQueue
from rerank_gateway.adapters.aws.webhook_queue import QUEUE as WEBHOOK_QUEUE
from rerank_gateway.adapters.aws.webhook_queue import SqsWebhookQueue
from rerank_gateway.domain.jobs.ports import ExecuteJob
from rerank_gateway.entry.wiring.environment import CLOCK, RNG, Environment
from rerank_gateway.use_cases.jobs.abandon import AbandonJob
from rerank_gateway.use_cases.jobs.announce import AnnounceJob
from rerank_gateway.use_cases.jobs.cancel import CancelJob
from rerank_gateway.use_cases.jobs.isolate import IsolateJob
from rerank_gateway.use_cases.jobs.list import ListJobs
from rerank_gateway.use_cases.jobs.read import ReadJob
from rerank_gateway.use_cases.jobs.run import RunJob
from rerank_gateway.use_cases.jobs.submit import SubmitJob


@dataclass(frozen=True)
class JobServices:
    environment: Environment

    @cached_property
    def submit(self) -> SubmitJob:
        return SubmitJob(self._jobs, self.queue, CLOCK)

    @cached_property
    def read(self) -> ReadJob:
        return ReadJob(self._jobs, CLOCK)

    @cached_property
    def list(self) -> ListJobs:
        index = DynamoJobIndex(self.environment.settings.jobs_table, self.environment.aws.api(DYNAMODB, JOBS))

        return ListJobs(self._jobs, index, CLOCK)

    @cached_property
    def cancel(self) -> CancelJob:
        return CancelJob(self._jobs, self.read, self._announce, CLOCK)

    @cached_property
    def abandon(self) -> AbandonJob:
        return AbandonJob(self._jobs, self._announce, CLOCK)

    def run(self, execute: ExecuteJob) -> RunJob:
        return RunJob(self._jobs, execute, self._announce, CLOCK, RNG)

    @cached_property
    def isolate(self) -> IsolateJob:
        return IsolateJob(self._jobs, CLOCK)

    @cached_property
    def queue(self) -> SqsJobQueue:
        settings, sqs = self.environment.settings, self.environment.aws.api(SQS, QUEUE)

        return SqsJobQueue(settings.jobs_queue_url, settings.dead_letter_queue_arn, JobMessages(self._objects), sqs)

    @cached_property
    def _jobs(self) -> DynamoJobStore:
        settings, dynamodb = self.environment.settings, self.environment.aws.api(DYNAMODB, JOBS)

        return DynamoJobStore(JobsTable(settings.jobs_table, dynamodb), self._objects, settings.usage_table)

    @cached_property
    def _objects(self) -> S3Objects:
        return S3Objects(self.environment.settings.payload_bucket)

    @property
    def _announce(self) -> AnnounceJob:
        bus = self.environment.settings.event_bus
        events = self.environment.aws.api(EVENTBRIDGE, BUS)
        publisher = EventBridgePublisher(bus, events, self.environment.stack) if bus else None
        sqs = self.environment.aws.api(SQS, WEBHOOK_QUEUE)
        webhooks = SqsWebhookQueue(self.environment.settings.webhooks_queue_url, sqs)

        return AnnounceJob(self._jobs, publisher, CLOCK, webhooks)
