"""Assembly of what works through jobs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rerank_gateway.adapters.dynamodb_jobs import DynamoJobs
from rerank_gateway.adapters.eventbridge import EventBridge
from rerank_gateway.adapters.s3_objects import S3Objects
from rerank_gateway.adapters.sqs_queue import SqsQueue
from rerank_gateway.domain.job_ports import Work
from rerank_gateway.entry.wiring import CHANCE, CLOCK, Wiring
from rerank_gateway.use_cases.bury_job import BuryJob
from rerank_gateway.use_cases.cancel_job import CancelJob
from rerank_gateway.use_cases.read_job import ReadJob
from rerank_gateway.use_cases.run_job import RunJob
from rerank_gateway.use_cases.submit_job import SubmitJob


@dataclass(frozen=True)
class JobWiring:
    whole: Wiring

    @cached_property
    def submit(self) -> SubmitJob:
        return SubmitJob(self._jobs, self.queue, CLOCK)

    @cached_property
    def read(self) -> ReadJob:
        return ReadJob(self._jobs, CLOCK)

    @cached_property
    def cancel(self) -> CancelJob:
        return CancelJob(self._jobs, self.read, CLOCK)

    @cached_property
    def bury(self) -> BuryJob:
        return BuryJob(self._jobs, self._announcer, CLOCK)

    def run(self, work: Work) -> RunJob:
        return RunJob(self._jobs, work, self._announcer, CLOCK, CHANCE)

    @cached_property
    def queue(self) -> SqsQueue:
        return SqsQueue(self.whole.settings.jobs_queue_url, self._objects)

    @cached_property
    def _jobs(self) -> DynamoJobs:
        return DynamoJobs(self.whole.settings.jobs_table, self._objects)

    @cached_property
    def _objects(self) -> S3Objects:
        return S3Objects(self.whole.settings.payload_bucket)

    @property
    def _announcer(self) -> EventBridge:
        return EventBridge(self.whole.settings.event_bus or "default")
