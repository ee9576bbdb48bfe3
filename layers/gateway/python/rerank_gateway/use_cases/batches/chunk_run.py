"""A chunk under a lease: its lines, what came of them so far, and what of that is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.chunks import ChunkState, FaultyLine, Line, part_key
from rerank_gateway.domain.batches.contents import ContentGone
from rerank_gateway.domain.batches.results import LineEnd, LineResult, to_part
from rerank_gateway.domain.batches.work import FailedLine, LineRequest, Progress
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Outcome
from rerank_gateway.use_cases.batches.line_work import LineWork, duplicate

CHECKPOINT_S = 5.0
"""Seconds after which what has ended is recorded while other lines are under way, and the batch is looked at again."""
SAVING_PAUSES_S = (0.2, 1.0, 2.0)
"""Seconds after which what is paid for is tried to be recorded once more."""
EXPIRED = FailedLine("batch_expired", "the batch's completion window was over before this line's turn")
CANCELLED = FailedLine("batch_cancelled", "the batch was cancelled before this line's turn")
ABANDONED = FailedLine("line_abandoned", "no worker could finish this line, however often it was tried")


class LostLease(Exception):
    """The chunk is another's by now."""


@dataclass(frozen=True, slots=True)
class WorkTime:
    """No line is begun after *start_by*, and none takes longer than to the *deadline*."""

    start_by: Deadline
    deadline: Deadline


@dataclass(slots=True)
class ChunkRun:
    """
    *found* is what came of lines and is not recorded yet, *has_progress* says that something is; *busy* are outcomes of
    lines that are to be tried again. What the *lines* say is not to be had any more where the run *is_lost*.
    """

    work: LineWork
    batch: Batch
    state: ChunkState
    time: WorkTime
    lines: Sequence[Line] = ()
    is_lost: bool = False
    has_progress: bool = False
    found: list[LineResult] = field(default_factory=list)
    busy: list[Outcome] = field(default_factory=list)

    @property
    def undone(self) -> list[Line]:
        """The lines that have not ended, as far as that is recorded."""
        return [line for line in self.lines if not self.state.done >> line.place & 1]

    @property
    def why_ended(self) -> FailedLine | None:
        """Why none of the batch's lines is begun any more, if so."""
        if self.batch.status is BatchStatus.CANCELLING:
            return CANCELLED

        return EXPIRED if self.work.clock.epoch() >= self.batch.deadline else None

    def load(self) -> None:
        """Read the lines. Raises Unavailable."""
        try:
            self.lines = self.work.lines(self.batch, self.state)
        except ContentGone:
            self.lines, self.is_lost = self.work.lost_lines(self.state), True

    def side_by_side(self, pool: Executor) -> None:
        """Do the lines that are not done, in *pool* with those of other chunks. Raises LostLease or Unavailable."""
        under_way: set[Future[LineResult | None]] = {pool.submit(self.result_of, line) for line in self.undone}
        try:
            while under_way:
                ended, under_way = wait(under_way, timeout=CHECKPOINT_S)
                self.found += [result for each in ended if (result := each.result())]
                if under_way:
                    self.save()
                    self._look_again()
        finally:
            for each in under_way:
                each.cancel()

    def one_by_one(self) -> None:
        """Do them one after the other, and record each: what kills its worker is then known by where it stands."""
        for line in self.undone:
            if result := self.result_of(line):
                self.found.append(result)
                self.save()
            self._look_again()

    def _look_again(self) -> None:
        """See whether the batch was called off."""
        self.batch = self.work.batches.find(self.batch.id) or self.batch

    def end_undone(self, why: FailedLine, lines: Sequence[Line]) -> None:
        """Have *lines* end without asking anybody."""
        end = LineEnd.EXPIRED if why is EXPIRED else LineEnd.FAILED
        self.found += [LineResult(line.place, end, self.work.failed(self.batch, line, why)) for line in lines]
        self.save()

    def result_of(self, line: Line) -> LineResult | None:
        """What came of *line*; None where it is to be tried again, or was not begun."""
        if self.busy or self.why_ended or self.time.start_by.is_over:
            return None
        try:
            request = LineRequest(self.batch, line.number, self.work.read(line.text, self.batch.params))
            if line.is_duplicate:
                raise duplicate(request.line.custom_id)
        except FaultyLine as wrong:
            failed = FailedLine(wrong.code, wrong.message, wrong.custom_id)
            return LineResult(line.place, LineEnd.FAILED, self.work.render.failed(self.batch, line.number, failed))
        # A line may wait long for a provider's place, and is not to be paid for when it comes to its turn too late.
        outcome = self.work.execute(request, self.time.deadline.unless(lambda: self.why_ended is not None))
        if outcome.busy:
            self.busy.append(outcome)
            return None
        end = LineEnd.ANSWERED if outcome.status_code == 200 else LineEnd.FAILED

        return LineResult(line.place, end, self.work.render.answered(request, outcome), outcome.cost)

    def save(self) -> None:
        """Record what was found. Raises LostLease, or Unavailable when it cannot be recorded for a while."""
        if not self.found:
            return
        for pause in SAVING_PAUSES_S:
            with suppress(Unavailable):
                self._save()
            if not self.found:
                return
            self.work.clock.sleep(pause)
        self._save()

    def _save(self) -> None:
        # The same each time: a write whose response was lost may be there already.
        content, progress = to_part(self.found), Progress.of(self.state, self.found, len(self.lines))
        part = self.state.next_part(len(content))
        self.work.contents.put(part_key(self.state, part), content)
        state = self.work.batches.record(self.state, part, progress)
        if state is None:
            raise LostLease
        self.state, self.found, self.has_progress = state, [], True
