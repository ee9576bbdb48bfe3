"""What working through batches needs of the gateway, beside what jobs need too (services.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, Protocol

from rerank_gateway.domain.batches.messages import BatchMessage
from rerank_gateway.domain.batches.work import BatchWork, ExecuteLine
from rerank_gateway.entry.services import Configured, InvocationServices
from rerank_gateway.entry.worker.services import ExecutionServices
from rerank_gateway.use_cases.batches.finalize import FinalizeBatch
from rerank_gateway.use_cases.batches.recall_chunks import RecallChunks
from rerank_gateway.use_cases.batches.run_chunk import RunChunk
from rerank_gateway.use_cases.batches.take_drop import TakeDrop
from rerank_gateway.use_cases.batches.validate import ValidateBatch


class BatchMessages(Protocol):
    """The queue that the messages about batches come from; a *record* is one as Lambda hands it over."""

    def parse_record(self, record: Mapping[str, Any]) -> BatchMessage: ...

    def is_dead_letter(self, record: Mapping[str, Any]) -> bool:
        """Whether SQS has given the message up."""

    def extend_visibility(self, records: Sequence[Mapping[str, Any]], seconds: float) -> None:
        """Have up to ten messages come back after so many *seconds*. Raises Unavailable."""


class BatchServices(InvocationServices, Configured, ExecutionServices, Protocol):
    @property
    def batch_queue(self) -> BatchMessages: ...
    @property
    def batch_work(self) -> BatchWork: ...
    @property
    def take_drop(self) -> TakeDrop: ...
    @property
    def validate_batch(self) -> ValidateBatch: ...
    @property
    def recall_chunks(self) -> RecallChunks: ...

    def finalize_batch(self, pool: Executor) -> FinalizeBatch: ...

    def run_chunk(self, pool: Executor, execute: ExecuteLine) -> RunChunk:
        """The use case that has *execute* do the work of lines, in *pool*."""
