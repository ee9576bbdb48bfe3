"""From an SQS event to a partial batch response: which messages must come again."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.ports import ExecuteJob, JobMessage
from rerank_gateway.domain.trace import xray_id
from rerank_gateway.entry import observability
from rerank_gateway.entry.worker.abandoned import abandoned_outcome
from rerank_gateway.entry.worker.byte_budget import ByteBudget
from rerank_gateway.use_cases.jobs.redeliver import Redeliver
from rerank_gateway.use_cases.jobs.run import BACKOFF

if TYPE_CHECKING:
    from rerank_gateway.entry.lambda_context import LambdaContext
    from rerank_gateway.entry.worker.services import WorkerServices
    from rerank_gateway.entry.worker.shadows import ShadowExecutor

MAX_PARALLEL_JOBS = 10
RECORDING_RESERVE_S = 5.0
"""Seconds of the function's time that are kept for recording outcomes."""
MIN_WORK_S = 5.0
"""Seconds of work below which none is started."""
OUTAGE_BACKOFF_S = 30.0
"""
Seconds after which a message comes again when a part of the gateway failed: so many more each time, or an outage would
use up its deliveries.
"""

AT_ONCE = Redeliver(0.0)

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What the messages of an event share: their time, their memory, and the one that is handled *alone*, if any."""

    deadline: Deadline
    budget: ByteBudget
    alone: str | None


@dataclass(frozen=True, slots=True)
class BatchHandler:
    """Handles the messages of an event side by side; *execute* does the work of a job, *shadows* asks what is none."""

    services: WorkerServices
    execute: ExecuteJob
    shadows: ShadowExecutor

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The partial batch response to *event*. Never raises: that would bring the finished messages back too."""
        services = self.services
        observability.bind_invocation(context, services.stack, xray_id(services.xray_header), services.success_share)
        seconds = context.get_remaining_time_in_millis() / 1000 - RECORDING_RESERVE_S
        deadline = Deadline.after(services.clock, seconds)
        self._assemble()
        gc.enable()  # off since the function was loaded
        records = event["Records"]
        budget = ByteBudget.of(int(context.memory_limit_in_mb))
        handle = partial(self._needs_redelivery, batch=Batch(deadline, budget, self._alone(records)))
        with ThreadPoolExecutor(MAX_PARALLEL_JOBS) as threads:
            redelivered = list(threads.map(handle, records))
        unfinished = [record["messageId"] for record, again in zip(records, redelivered, strict=True) if again]

        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in unfinished]}

    def _assemble(self) -> None:
        """Have all assembled before several threads need it at once. What goes wrong shows in each of them."""
        services = self.services
        with suppress(Exception):
            services.refresh()
            services.queue, services.run_job(self.execute), services.abandon_job, services.authorize, services.rerank

    def _alone(self, records: Sequence[Record]) -> str | None:
        """The message of *records* that is handled alone, if there is one that must be."""
        queue = self.services.queue
        # Whatever is wrong here, or with a message, shows when it is handled.
        with suppress(Exception):
            jobs = (each for each in records if not queue.is_dead_letter(each) and not queue.is_shadow(each))
            messages = [queue.parse_record(record) for record in jobs]
            suspect = self.services.isolate_job(messages)

            return suspect.id if suspect else None

        return None

    def _needs_redelivery(self, record: Record, batch: Batch) -> bool:
        if self.services.queue.is_shadow(record):
            self._compare(record, batch)
            return False
        redeliver = self._try(record, batch)
        if redeliver and not self.services.queue.is_dead_letter(record):
            # Without this it comes again as well, only later.
            with suppress(Unavailable):
                self.services.queue.extend_visibility(record, redeliver.seconds)

        return redeliver is not None

    def _compare(self, record: Record, batch: Batch) -> None:
        """Have the question in *record* asked, if there is time and room. It comes but once, and costs no more."""
        seconds = batch.deadline.remaining() - MIN_WORK_S
        if batch.alone or seconds <= 0:
            return self.shadows.skip("no_time")
        with batch.budget.room_for(len(record["body"]), seconds) as there_is_room:
            return self.shadows(record, batch.deadline) if there_is_room else self.shadows.skip("no_room")

    def _try(self, record: Record, batch: Batch) -> Redeliver | None:
        message_id = record["messageId"]
        try:
            return self._handle(record, batch)
        except Unavailable as error:
            fields = {"message_id": message_id, "error": error.message, "cause": error.cause}
            observability.logger.warning("job_delayed", extra=fields)
        except Exception as error:  # one message must not bring the others back
            observability.log_bug(error, {"message_id": message_id})

        return Redeliver(min(OUTAGE_BACKOFF_S * int(record["attributes"]["ApproximateReceiveCount"]), BACKOFF.max_s))

    def _handle(self, record: Record, batch: Batch) -> Redeliver | None:
        message = self.services.queue.parse_record(record)
        if batch.alone not in (None, message.id) or batch.deadline.remaining() < MIN_WORK_S:
            return AT_ONCE
        if self.services.queue.is_dead_letter(record):
            observability.log_warning("job_abandoned", {"job": message.job}, {"JobsAbandoned": 1})
            return self.services.abandon_job(message, abandoned_outcome(message))
        with batch.budget.room_for(message.size, batch.deadline.remaining() - MIN_WORK_S) as there_is_room:
            return self._run(message, batch.deadline) if there_is_room else AT_ONCE

    def _run(self, message: JobMessage, deadline: Deadline) -> Redeliver | None:
        return self.services.run_job(self.execute)(message, deadline, abandoned_outcome(message))
