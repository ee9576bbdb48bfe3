"""How a run is doing, for whoever looks on: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from cli.batches.gateway import Batch
from cli.output import print_note

NOTE_EVERY_S = 30.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def sending(size: int) -> Iterator[Progress]:
    """A bar of bytes."""
    columns = (TextColumn("sending", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        progress.add_task("sending", total=size)
        yield progress


def counted(progress: Progress, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """*pieces*, as the bar sees them go."""
    for piece in pieces:
        yield piece
        progress.advance(progress.task_ids[0], len(piece))


@dataclass
class Watching:
    """A bar of lines, with those a second, those that failed, what they have cost so far and the time that is left."""

    progress: Progress
    noted: tuple[str, float] = ("", 0.0)
    began: tuple[float, int] | None = None

    def show(self, batch: Batch) -> None:
        counts, status = batch["request_counts"], batch["status"]
        done = counts["completed"] + counts["failed"]
        speed = self._per_second(done)
        failed, cost, told = f"{counts['failed']:,} failed", f"${batch['cost']:,.4f}", f"{speed:,.0f}/s"
        self.progress.update(
            self.progress.task_ids[0],
            description=status.replace("_", " "),
            completed=done,
            total=counts["total"] or None,
            failed=failed,
            cost=cost,
            speed=told,
        )
        if self.progress.disable:
            self._note(status, f"{status}: {done:,} of {counts['total']:,} lines, {failed}, {cost}, {told}")

    def _per_second(self, done: int) -> float:
        """Since the first look at it: what was done before, nobody has seen."""
        now = monotonic()
        if self.began is None:
            self.began = (now, done)
        since, at_first = self.began

        return (done - at_first) / (now - since) if now > since else 0.0

    def _note(self, status: str, text: str) -> None:
        known, at = self.noted
        if status != known or monotonic() - at >= NOTE_EVERY_S:
            self.noted = (status, monotonic())
            print_note(text)


@contextmanager
def watching() -> Iterator[Watching]:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}", markup=False),
        TextColumn("{task.fields[failed]}", markup=False),
        TextColumn("{task.fields[cost]}", markup=False),
        TimeRemainingColumn(elapsed_when_finished=True),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        progress.add_task("validating", total=None, speed="", failed="", cost="")
        yield Watching(progress)
