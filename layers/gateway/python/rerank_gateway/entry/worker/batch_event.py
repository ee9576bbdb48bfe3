"""The messages about batches that come in one event: which of them are handled beside each other, and for how long."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.entry import observability
from rerank_gateway.entry.worker.batch_messages import Received, alone_of
from rerank_gateway.entry.worker.batch_steps import BatchSteps
from rerank_gateway.entry.worker.handler import AT_ONCE, OUTAGE_BACKOFF_S
from rerank_gateway.use_cases.batches.chunk_run import WorkTime
from rerank_gateway.use_cases.batches.run_chunk import BACKOFF
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver
from rerank_gateway.use_cases.jobs.run import LEASE_MARGIN_S

if TYPE_CHECKING:
    from rerank_gateway.entry.worker.batch_services import BatchServices

BEGIN_LINES_S, LINE_S = 60.0, 60.0
"""Seconds for which lines are begun, and that the last may take: after both, a dead worker's chunks come again."""
TURN_S = 10.0
"""
Seconds after which a message that takes long has those go back that wait for it. Most take less: who has many small
batches does not hold up what is beside them.
"""


@dataclass(frozen=True, slots=True)
class BatchEvent:
    """*begin* has the steps of batches done within a time, the *whole* of which is the function's."""

    services: BatchServices
    begin: Callable[[WorkTime], BatchSteps]
    threads: Executor
    whole: Deadline

    def __call__(self, received: Sequence[Received]) -> list[str]:
        """Handle the messages that were *received*; the ids of those that must come again."""
        alone = alone_of(received, self.services)
        chosen = [each for each in received if alone in (None, each.id)]
        long, others = deque(each for each in chosen if each.is_long), [each for each in chosen if not each.is_long]
        working = self.threads.submit(self._in_turn, long)
        wait([working], timeout=TURN_S)
        late = [*_taken(long), *(each for each in received if each not in chosen)]
        if not working.done():
            late, others = [*late, *others], []
        returned = list(self.threads.map(self._put_back, late))

        return [*returned, *self._side_by_side(others), *working.result()]

    def _in_turn(self, waiting: deque[Received]) -> list[str]:
        """Handle those that may take long one after the other, as long as any are *waiting*."""
        steps = self.begin(WorkTime(self.whole, self.whole))

        return [each.id for each in _taken(waiting) if self._needs_redelivery(each, steps)]

    def _side_by_side(self, received: Sequence[Received]) -> list[str]:
        steps = self.begin(self._time(received))
        again = self.threads.map(lambda each: self._needs_redelivery(each, steps), received)

        return [each.id for each, is_undone in zip(received, again, strict=True) if is_undone]

    def _time(self, chosen: Sequence[Received]) -> WorkTime:
        """For how long the *chosen* are worked on, who do not come again before that is over."""
        queue, in_all = self.services.batch_queue, min(self.whole.remaining(), BEGIN_LINES_S + LINE_S)
        # Without it they are hidden for as long as the function may run, which is longer.
        with suppress(Unavailable):
            living = [each.record for each in chosen if not queue.is_dead_letter(each.record)]
            if living:
                queue.extend_visibility(living, in_all + LEASE_MARGIN_S + CLOCK_SKEW_S)
        clock = self.services.clock

        return WorkTime(Deadline.after(clock, in_all / 2), Deadline.after(clock, in_all))

    def _put_back(self, received: Received) -> str:
        self._hide(received, AT_ONCE)

        return received.id

    def _needs_redelivery(self, received: Received, steps: BatchSteps) -> bool:
        redeliver = self._try(received, steps)
        if redeliver:
            self._hide(received, redeliver)

        return redeliver is not None

    def _hide(self, received: Received, redeliver: Redeliver) -> None:
        if not self.services.batch_queue.is_dead_letter(received.record):
            # Without this it comes again as well, only later.
            with suppress(Unavailable):
                self.services.batch_queue.extend_visibility([received.record], redeliver.seconds)

    def _try(self, received: Received, steps: BatchSteps) -> Redeliver | None:
        if received.message is None:
            return None
        fields = {"batch": received.message.batch_id, "step": received.message.step}
        try:
            return steps(received.message, is_dead=self.services.batch_queue.is_dead_letter(received.record))
        except Unavailable as error:
            observability.logger.warning(
                "batch_delayed", extra={**fields, "error": error.message, "cause": error.cause}
            )
        except Exception as error:  # one message must not bring the others back
            observability.log_bug(error, fields)

        return Redeliver(min(OUTAGE_BACKOFF_S * received.message.receive_count, BACKOFF.max_s))


def _taken(waiting: deque[Received]) -> Iterator[Received]:
    """Those that wait, each for whoever takes it first."""
    while waiting:
        try:
            taken = waiting.popleft()
        except IndexError:
            return
        yield taken
