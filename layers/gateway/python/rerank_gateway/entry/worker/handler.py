"""From an SQS event to a partial batch response: which messages must come again."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.ports import ExecuteJob
from rerank_gateway.entry import observability
from rerank_gateway.entry.worker.abandoned import abandoned_outcome
from rerank_gateway.use_cases.jobs.run import BACKOFF, Redeliver

if TYPE_CHECKING:
    from rerank_gateway.entry.lambda_context import LambdaContext
    from rerank_gateway.entry.services import WorkerServices

MAX_PARALLEL_JOBS = 10
RECORDING_RESERVE_S = 5.0
"""Seconds of the function's time that are kept for recording outcomes."""
MIN_WORK_S = 5.0
"""Seconds of work below which none is started."""
OUTAGE_BACKOFF_S = 30.0
"""
Seconds after which a message comes again when a part of the gateway failed: so many more each time, or an outage of an
hour would use up its hundred deliveries.
"""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BatchHandler:
    """Handles the messages of an event side by side; *execute* does the work of each."""

    services: WorkerServices
    execute: ExecuteJob

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The partial batch response to *event*. Never raises: that would bring the finished messages back too."""
        observability.bind_invocation(context)
        seconds = context.get_remaining_time_in_millis() / 1000 - RECORDING_RESERVE_S
        deadline = Deadline.after(self.services.clock, seconds)
        records = event["Records"]
        self._assemble()
        gc.enable()  # off since the function was loaded
        with ThreadPoolExecutor(MAX_PARALLEL_JOBS) as threads:
            redelivered = list(threads.map(partial(self._needs_redelivery, deadline=deadline), records))
        unfinished = [record["messageId"] for record, again in zip(records, redelivered, strict=True) if again]

        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in unfinished]}

    def _assemble(self) -> None:
        """Have all assembled before several threads need it at once. What goes wrong shows in each of them."""
        services = self.services
        with suppress(Exception):
            services.queue, services.run_job(self.execute), services.abandon_job, services.authorize, services.rerank

    def _needs_redelivery(self, record: Record, deadline: Deadline) -> bool:
        redeliver = self._try(record, deadline)
        if redeliver and not self.services.queue.is_dead_letter(record):
            # Without this it comes again as well, only later.
            with suppress(Unavailable):
                self.services.queue.extend_visibility(record, redeliver.seconds)

        return redeliver is not None

    def _try(self, record: Record, deadline: Deadline) -> Redeliver | None:
        message_id = record["messageId"]
        try:
            return self._handle(record, deadline)
        except Unavailable as error:
            fields = {"message_id": message_id, "error": error.message, "cause": error.cause}
            observability.logger.warning("job_delayed", extra=fields)
        except Exception as error:  # one message must not bring the others back
            observability.log_bug(error, {"message_id": message_id})

        return Redeliver(min(OUTAGE_BACKOFF_S * int(record["attributes"]["ApproximateReceiveCount"]), BACKOFF.max_s))

    def _handle(self, record: Record, deadline: Deadline) -> Redeliver | None:
        services = self.services
        if deadline.remaining() < MIN_WORK_S:
            return Redeliver(0.0)
        message = services.queue.parse_record(record)
        if services.queue.is_dead_letter(record):
            return services.abandon_job(message, abandoned_outcome(message))

        return services.run_job(self.execute)(message, deadline)
