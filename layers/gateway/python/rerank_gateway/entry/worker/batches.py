"""From an SQS event about batches to a partial batch response: which messages must come again."""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.ports import ExecuteJob
from rerank_gateway.domain.trace import xray_id
from rerank_gateway.entry import observability
from rerank_gateway.entry.worker.batch_lines import LineExecutor
from rerank_gateway.entry.worker.batch_messages import Received, alone_of, received_of
from rerank_gateway.entry.worker.batch_steps import BatchSteps
from rerank_gateway.entry.worker.byte_budget import ByteBudget
from rerank_gateway.entry.worker.handler import AT_ONCE, MAX_PARALLEL_JOBS, OUTAGE_BACKOFF_S, RECORDING_RESERVE_S
from rerank_gateway.entry.worker.job_log import LineLog
from rerank_gateway.use_cases.batches.chunk_run import WorkTime
from rerank_gateway.use_cases.batches.run_chunk import BACKOFF
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver
from rerank_gateway.use_cases.jobs.run import LEASE_MARGIN_S

if TYPE_CHECKING:
    from rerank_gateway.entry.lambda_context import LambdaContext
    from rerank_gateway.entry.worker.batch_services import BatchServices

LINES_SIDE_BY_SIDE = 20
"""Of all chunks in an event together."""
BEGIN_LINES_S, LINE_S = 60.0, 60.0
"""Seconds for which lines are begun, and that the last may take: after both, a dead worker's chunks come again."""


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
        alone = alone_of(received, services)
        chosen = [each for each in received if alone in (None, each.id)]
        time = self._time(seconds, chosen)
        execute = LineExecutor(services, self.execute, ByteBudget.of(int(context.memory_limit_in_mb)))
        with ThreadPoolExecutor(LINES_SIDE_BY_SIDE) as pool, ThreadPoolExecutor(MAX_PARALLEL_JOBS) as threads:
            steps = BatchSteps(services, execute, pool, time)
            again = list(threads.map(lambda each: self._needs_redelivery(each, steps, each in chosen), received))
        self.log.tell()
        unfinished = [each.id for each, is_undone in zip(received, again, strict=True) if is_undone]

        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in unfinished]}

    def _time(self, seconds: float, chosen: Sequence[Received]) -> WorkTime:
        """For how long the *chosen* are worked on, who do not come again before that is over."""
        clock = self.services.clock
        if any(each.is_long for each in chosen):
            return WorkTime(Deadline.after(clock, seconds), Deadline.after(clock, seconds))
        in_all = min(seconds, BEGIN_LINES_S + LINE_S)
        # Without it they are hidden for as long as the function may run, which is longer.
        with suppress(Unavailable):
            living = [each.record for each in chosen if not self.services.batch_queue.is_dead_letter(each.record)]
            if living:
                self.services.batch_queue.extend_visibility(living, in_all + LEASE_MARGIN_S + CLOCK_SKEW_S)

        return WorkTime(Deadline.after(clock, in_all / 2), Deadline.after(clock, in_all))

    def _needs_redelivery(self, received: Received, steps: BatchSteps, is_chosen: bool) -> bool:
        is_dead = self.services.batch_queue.is_dead_letter(received.record)
        redeliver = self._try(received, steps, is_dead) if is_chosen else AT_ONCE
        if redeliver and not is_dead:
            # Without this it comes again as well, only later.
            with suppress(Unavailable):
                self.services.batch_queue.extend_visibility([received.record], redeliver.seconds)

        return redeliver is not None

    def _try(self, received: Received, steps: BatchSteps, is_dead: bool) -> Redeliver | None:
        if received.message is None:
            return None
        fields = {"batch": received.message.batch_id, "step": received.message.step}
        try:
            return steps(received.message, is_dead=is_dead)
        except Unavailable as error:
            observability.logger.warning(
                "batch_delayed", extra={**fields, "error": error.message, "cause": error.cause}
            )
        except Exception as error:  # one message must not bring the others back
            observability.log_bug(error, fields)

        return Redeliver(min(OUTAGE_BACKOFF_S * received.message.receive_count, BACKOFF.max_s))
