"""Assembly of what callers see of batches and their files."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.adapters.aws.dynamodb_batches import DynamoBatchStore, DynamoFileStore
from rerank_gateway.adapters.aws.dynamodb_quota import DynamoStorageQuota
from rerank_gateway.adapters.aws.s3_contents import S3Contents
from rerank_gateway.adapters.aws.sqs_batches import SqsBatchQueue
from rerank_gateway.entry.wiring.environment import CLOCK
from rerank_gateway.entry.wiring.gateway import Gateway
from rerank_gateway.entry.wiring.settings import Settings
from rerank_gateway.use_cases.authenticate import Authenticate
from rerank_gateway.use_cases.batches.files import ReadContent, ReadFiles, RemoveFile, StoreFile
from rerank_gateway.use_cases.batches.quota import LimitStorage
from rerank_gateway.use_cases.batches.read import CancelBatch, ReadBatches
from rerank_gateway.use_cases.batches.submit import SubmitBatch
from rerank_gateway.use_cases.batches.uploads import UploadFile
from rerank_gateway.use_cases.webhooks.require import RequireWebhook


@dataclass(frozen=True)
class BatchApiServices:
    """The services of `entry/batch_services.py`, by way of a *gateway*: one function alone needs them."""

    gateway: Gateway

    @property
    def authenticate(self) -> Authenticate:
        return self.gateway.authenticate

    @property
    def read_content(self) -> ReadContent:
        return ReadContent(self._contents)

    @property
    def store_file(self) -> StoreFile:
        return StoreFile(self._files, self._contents, self._limit_storage, CLOCK)

    @property
    def read_files(self) -> ReadFiles:
        return ReadFiles(self._files)

    @property
    def remove_file(self) -> RemoveFile:
        return RemoveFile(self._files, self._contents, self.read_files)

    @property
    def upload_file(self) -> UploadFile:
        return UploadFile(self._files, self._contents, self._limit_storage, CLOCK)

    @property
    def require_webhook(self) -> RequireWebhook:
        return self.gateway.require_webhook

    @property
    def submit_batch(self) -> SubmitBatch:
        return SubmitBatch(self._batches, self._queue, self.read_files, CLOCK)

    @property
    def read_batches(self) -> ReadBatches:
        return ReadBatches(self._batches)

    @property
    def cancel_batch(self) -> CancelBatch:
        return CancelBatch(self._batches, self._queue, self.read_batches, CLOCK)

    @property
    def _limit_storage(self) -> LimitStorage:
        return LimitStorage(DynamoStorageQuota(BatchesTable(self._settings.batches_table)), CLOCK)

    @property
    def _batches(self) -> DynamoBatchStore:
        return DynamoBatchStore(BatchesTable(self._settings.batches_table), CLOCK)

    @property
    def _queue(self) -> SqsBatchQueue:
        return SqsBatchQueue(self._settings.batches_queue_url)

    @property
    def _files(self) -> DynamoFileStore:
        return DynamoFileStore(BatchesTable(self._settings.batches_table), CLOCK)

    @property
    def _contents(self) -> S3Contents:
        return S3Contents(self._settings.payload_bucket)

    @property
    def _settings(self) -> Settings:
        return self.gateway.environment.settings
