"""What the routes of batches and files need of the gateway. Only type checkers load this module."""

from __future__ import annotations

from typing import Protocol

from rerank_gateway.entry.services import Authentication
from rerank_gateway.use_cases.batches.files import ReadContent, ReadFiles, RemoveFile, StoreFile
from rerank_gateway.use_cases.batches.read import CancelBatch, ReadBatches
from rerank_gateway.use_cases.batches.submit import SubmitBatch
from rerank_gateway.use_cases.batches.uploads import UploadFile
from rerank_gateway.use_cases.webhooks.require import RequireWebhook


class FileServices(Authentication, Protocol):
    """What files and their uploads need."""

    @property
    def read_content(self) -> ReadContent: ...
    @property
    def store_file(self) -> StoreFile: ...
    @property
    def read_files(self) -> ReadFiles: ...
    @property
    def remove_file(self) -> RemoveFile: ...
    @property
    def upload_file(self) -> UploadFile: ...


class BatchServices(Authentication, Protocol):
    """What batches need."""

    @property
    def require_webhook(self) -> RequireWebhook: ...
    @property
    def submit_batch(self) -> SubmitBatch: ...
    @property
    def read_batches(self) -> ReadBatches: ...
    @property
    def cancel_batch(self) -> CancelBatch: ...
