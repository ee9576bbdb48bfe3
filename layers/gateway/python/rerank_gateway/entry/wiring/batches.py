"""Assembly of what works through batches."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import cached_property
from threading import Semaphore

from rerank_gateway.adapters.aws.batch_events import EventBridgeBatches
from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.adapters.aws.dynamodb_batch_work import DynamoBatchWork
from rerank_gateway.adapters.aws.dynamodb_batches import DynamoFileStore
from rerank_gateway.adapters.aws.dynamodb_places import DynamoPlaces
from rerank_gateway.adapters.aws.eventbridge import BUS
from rerank_gateway.adapters.aws.json_api import EVENTBRIDGE
from rerank_gateway.adapters.aws.s3_contents import S3Contents
from rerank_gateway.adapters.aws.sqs_batches import SqsBatchQueue
from rerank_gateway.apis.batch_lines import OpenAiResults, check_request, read_line
from rerank_gateway.domain.batches.work import ExecuteLine
from rerank_gateway.entry.wiring.environment import CLOCK, RNG
from rerank_gateway.entry.wiring.gateway import Gateway
from rerank_gateway.entry.wiring.lasting import LastingServices
from rerank_gateway.entry.worker.batch_log import log_batch
from rerank_gateway.entry.worker.batches import LINES_SIDE_BY_SIDE
from rerank_gateway.use_cases.batches.announce import AnnounceBatch
from rerank_gateway.use_cases.batches.finalize import FinalizeBatch
from rerank_gateway.use_cases.batches.finish import FinishBatch
from rerank_gateway.use_cases.batches.leased_places import LeasedPlaces
from rerank_gateway.use_cases.batches.line_work import LineWork
from rerank_gateway.use_cases.batches.look_through import LookThrough
from rerank_gateway.use_cases.batches.recall_chunks import RecallChunks
from rerank_gateway.use_cases.batches.run_chunk import LOADED_AT_ONCE, RunChunk
from rerank_gateway.use_cases.batches.take_drop import TakeDrop
from rerank_gateway.use_cases.batches.validate import ValidateBatch


class BatchGateway(Gateway):
    """Every service of `entry/worker/batch_services.py`: one function alone needs them."""

    @cached_property
    def lasting(self) -> LastingServices:
        return LastingServices(self.environment.settings, self.environment.aws, self._places)

    def _places(self, provider: str, limit: int) -> LeasedPlaces:
        return LeasedPlaces(provider, limit, LINES_SIDE_BY_SIDE, DynamoPlaces(self._table), CLOCK)

    @cached_property
    def batch_queue(self) -> SqsBatchQueue:
        settings = self.environment.settings

        return SqsBatchQueue(settings.batches_queue_url, settings.batches_dead_letter_queue_arn)

    @cached_property
    def batch_work(self) -> DynamoBatchWork:
        return DynamoBatchWork(self._table, CLOCK)

    @property
    def take_drop(self) -> TakeDrop:
        return TakeDrop(self.batch_work, self._files, self._contents, self.batch_queue, self.find_owner, CLOCK)

    @property
    def validate_batch(self) -> ValidateBatch:
        look_through = LookThrough(self._files, self._contents, read_line, check_request)

        return ValidateBatch(self.batch_work, self._contents, self.batch_queue, look_through, self._finish, CLOCK)

    @property
    def recall_chunks(self) -> RecallChunks:
        return RecallChunks(self.batch_work, self.batch_queue)

    def finalize_batch(self, pool: Executor) -> FinalizeBatch:
        return FinalizeBatch(self.batch_work, self._files, self._contents, self._finish, pool, CLOCK)

    def run_chunk(self, pool: Executor, execute: ExecuteLine) -> RunChunk:
        work = LineWork(self.batch_work, self._contents, read_line, execute, OpenAiResults(), CLOCK)

        return RunChunk(work, self.batch_queue, pool, self._loading, RNG)

    @cached_property
    def _loading(self) -> Semaphore:
        return Semaphore(LOADED_AT_ONCE)

    @property
    def _finish(self) -> FinishBatch:
        bus = self.environment.settings.event_bus
        eventbridge = self.environment.aws.api(EVENTBRIDGE, BUS)
        events = EventBridgeBatches(bus, eventbridge, self.environment.stack) if bus else None
        announce = AnnounceBatch(self.batch_work, events, CLOCK, self.webhook_queue)

        return FinishBatch(self.batch_work, self._contents, announce, CLOCK, log_batch)

    @property
    def _files(self) -> DynamoFileStore:
        return DynamoFileStore(self._table, CLOCK)

    @property
    def _contents(self) -> S3Contents:
        return S3Contents(self.environment.settings.payload_bucket)

    @property
    def _table(self) -> BatchesTable:
        return BatchesTable(self.environment.settings.batches_table)


BATCHES = BatchGateway()
"""The one of this process."""
