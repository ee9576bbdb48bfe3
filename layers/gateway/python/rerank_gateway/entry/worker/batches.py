"""From an SQS event about batches to a partial batch response: which messages must come again."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.ports import ExecuteJob
from rerank_gateway.domain.trace import xray_id
from rerank_gateway.entry import observability
from rerank_gateway.entry.worker.batch_event import BatchEvent
from rerank_gateway.entry.worker.batch_lines import LineExecutor
from rerank_gateway.entry.worker.batch_messages import received_of
from rerank_gateway.entry.worker.batch_steps import BatchSteps
from rerank_gateway.entry.worker.byte_budget import ByteBudget
from rerank_gateway.entry.worker.handler import MAX_PARALLEL_JOBS, RECORDING_RESERVE_S
from rerank_gateway.entry.worker.job_log import LineLog

if TYPE_CHECKING:
    from rerank_gateway.entry.lambda_context import LambdaContext
    from rerank_gateway.entry.worker.batch_services import BatchServices

LINES_SIDE_BY_SIDE = 20
"""Of all chunks in an event together."""


@dataclass(frozen=True, slots=True)
class BatchesHandler:
    """Handles the messages of an event side by side; *execute* does the work of each line, which *log* tells of."""

    services: BatchServices
    execute: ExecuteJob
    log: LineLog

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The partial batch response to *event*. Never raises: that would bring the finished messages back too."""
        services = self.services
        observability.bind_invocation(context, services.stack, xray_id(services.xray_header), services.success_share)
        seconds = context.get_remaining_time_in_millis() / 1000 - RECORDING_RESERVE_S
        with suppress(Exception):  # what is wrong shows in each line
            services.refresh()
            services.authorize  # noqa: B018  # assembled before several threads need it at once
            services.rerank  # noqa: B018
        gc.enable()  # off since the function was loaded
        received = [received_of(record, services) for record in event["Records"]]
        execute = LineExecutor(services, self.execute, ByteBudget.of(int(context.memory_limit_in_mb)))
        with ThreadPoolExecutor(LINES_SIDE_BY_SIDE) as pool, ThreadPoolExecutor(MAX_PARALLEL_JOBS) as threads:
            begin = partial(BatchSteps, services, execute, pool)
            again = BatchEvent(services, begin, threads, Deadline.after(services.clock, seconds))(received)
        self.log.tell()

        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in again]}
