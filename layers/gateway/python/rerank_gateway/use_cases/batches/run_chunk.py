"""Work on the chunk of one message, so that each of its lines ends once, however often the message comes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from random import Random
from threading import Semaphore

from rerank_gateway.domain.backoff import Backoff
from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.chunks import ChunkState
from rerank_gateway.domain.batches.messages import BatchMessage
from rerank_gateway.domain.batches.ports import BatchQueue, Step
from rerank_gateway.domain.batches.work import FailedLine
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Lease
from rerank_gateway.use_cases.batches.chunk_run import ABANDONED, ChunkRun, LostLease, WorkTime
from rerank_gateway.use_cases.batches.line_work import LineWork
from rerank_gateway.use_cases.jobs.isolate import MAX_SHARED_CLAIMS
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver
from rerank_gateway.use_cases.jobs.run import LEASE_MARGIN_S, MAX_CLAIMS, WAKING

BACKOFF = Backoff(first_s=5.0, max_s=300.0, jitter=0.5)
"""How long a chunk waits at least when everyone is busy, and longer each time that none of its lines has ended."""
MAX_PAUSE_S = 3600.0
"""The same at most: a provider that asks for a day, be it by mistake, would have the lines expire."""
CROWDED = Backoff(first_s=4.0, max_s=4.0, jitter=0.5)
"""The same while it is other chunks that have the provider's places."""
LOADED_AT_ONCE = 2
"""Chunks of an event that are claimed and read side by side: the lines of the first are asked meanwhile."""
INPUT_GONE = FailedLine("input_file_gone", "the input file was deleted or changed before this line's turn")


@dataclass(frozen=True, slots=True)
class RunChunk:
    """*pool* has the lines of all chunks that are worked on side by side, *loading* room for those that are read."""

    work: LineWork
    queue: BatchQueue
    pool: Executor
    loading: Semaphore
    rng: Random

    def __call__(self, message: BatchMessage, time: WorkTime) -> Redeliver | None:
        """Do the chunk of *message*; whether it must come again, and when. Raises Unavailable: then it must, too."""
        with self.loading:
            batch = self.work.batches.find(message.batch_id)
            if batch is None or batch.has_ended:
                return None
            run = self.begin(batch, message, time)
        if run is None:
            return self.not_ours(batch, message)
        with self._released_in_outage(run):
            try:
                return self._run(run, message)
            except LostLease:
                return self.not_ours(batch, message)

    def begin(self, batch: Batch, message: BatchMessage, time: WorkTime) -> ChunkRun | None:
        """
        The chunk of *message* under a lease of ours, with its lines; None when it is not for us to work on. Raises
        Unavailable.
        """
        now = self.work.clock.epoch()
        lease = Lease.new(until=now + time.deadline.remaining() + LEASE_MARGIN_S)
        chunk, is_cancelling = ChunkState(message.batch_id, message.chunk), batch.status is BatchStatus.CANCELLING
        state = self.work.batches.claim(chunk, lease, now, at_once=is_cancelling)
        if state is None:
            return None
        run = ChunkRun(self.work, batch, state, time)
        with self._released_in_outage(run):
            run.load()

        return run

    @contextmanager
    def _released_in_outage(self, run: ChunkRun) -> Iterator[None]:
        try:
            yield
        except Unavailable:
            # Nobody has died of it: that it could not be recorded is not the lines' fault.
            with suppress(Unavailable):
                self.work.batches.release(run.state, self.work.clock.epoch(), stalled=False)
            raise

    def not_ours(self, batch: Batch, message: BatchMessage) -> Redeliver | None:
        """What becomes of a *message* whose chunk is another's, or done."""
        state, now = self.work.batches.peek(batch.id, message.chunk), self.work.clock.epoch()
        if state.is_finished:
            self._finalize_last(batch, message)
            return None

        # If its worker is dead, this message may be the only one left: it must outlive the lease.
        return Redeliver(max((state.lease.until if state.lease else now) - now, 0.0) + CLOCK_SKEW_S)

    def _run(self, run: ChunkRun, message: BatchMessage) -> Redeliver | None:
        if run.is_lost:
            run.end_undone(INPUT_GONE, run.undone)
        self._do(run)
        run.save()
        if run.why_ended and run.undone:
            run.end_undone(run.why_ended, run.undone)
        if run.state.is_finished:
            self._finalize_last(run.batch, message)
            return None

        return self._put_back(run)

    def _do(self, run: ChunkRun) -> None:
        if run.state.claims <= MAX_SHARED_CLAIMS:
            run.side_by_side(self.pool)
            return
        if run.state.claims > MAX_CLAIMS:
            # One by one, so that it is the first of them that its workers die of.
            run.end_undone(ABANDONED, run.undone[:1])
        run.one_by_one()

    def _put_back(self, run: ChunkRun) -> Redeliver:
        now = self.work.clock.epoch()
        pause = max(min(self._pause(run), run.batch.deadline - now), 0.0)
        self.work.batches.release(run.state, now + pause, stalled=bool(run.busy) and not run.has_progress)

        return Redeliver(pause + CLOCK_SKEW_S if pause else 0.0)

    def _pause(self, run: ChunkRun) -> float:
        """Seconds until the lines that have not ended are tried again."""
        if not run.busy:
            return 0.0
        stalls = 0 if run.has_progress else run.state.stalls
        backoff = WAKING if any(each.waking for each in run.busy) else BACKOFF
        if all(each.is_crowded for each in run.busy):
            backoff = CROWDED
        waits = [each.retry_after for each in run.busy if each.retry_after]

        return min(max(min(waits, default=0.0), backoff.pause(stalls, self.rng)), MAX_PAUSE_S)

    def _finalize_last(self, batch: Batch, message: BatchMessage) -> None:
        """Have the results of *batch* written together if this was the last of its chunks."""
        there = self.work.batches.find(batch.id)
        if there is None or there.has_ended or not there.is_worked_off:
            return
        is_first = self.work.batches.begin_finalizing(there, self.work.clock.epoch())
        # Whoever was first may have died before it was queued; then this is not the first delivery.
        if is_first or message.receive_count > 1:
            self.queue.send(batch, Step.FINALIZE)
