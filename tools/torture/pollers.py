"""Lambda's event source mapping at its worst: it delivers three times, and its workers die or stand still."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from threading import Lock, Timer
from time import monotonic, sleep

from local.queues.sqs_events import failed_message_ids
from tests.crash.account import Account, Record
from tests.crash.processes import FunctionProcess

DEADLY, FREEZING, ECHOING = 0.12, 0.03, 0.25
"""The share of batches that cost a worker its life, that freeze it past its lease, and that are delivered thrice."""
WITHIN_S = 1.5
"""Seconds of a batch within which that happens."""
DELIVERIES = 3
PAUSE_S = 0.2


@dataclass
class Tally:
    """What was done to the workers."""

    batches: int = 0
    kills: int = 0
    freezes: int = 0
    echoes: int = 0


@dataclass
class Echoes:
    """Batches that are to be delivered once more, by whoever comes next."""

    batches: list[list[Record]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def add(self, records: list[Record]) -> None:
        with self.lock:
            self.batches += [records] * (DELIVERIES - 1)

    def take(self) -> list[Record]:
        with self.lock:
            return self.batches.pop(0) if self.batches else []


@dataclass
class TorturingPoller:
    """Has its batches done by one of *workers*, and by the next when it has died. A frozen one wakes after *lease*."""

    account: Account
    workers: Iterator[FunctionProcess]
    rng: Random
    echoes: Echoes
    lease: float
    tally: Tally = field(default_factory=Tally)

    def empty_the_queue(self, late: float) -> None:
        """Go on until no message is left, or until it is *late*."""
        worker = next(self.workers)
        while monotonic() < late:
            if records := self._records():
                worker = worker if self._is_done(records, worker) else next(self.workers)
            elif self.account.messages_left():
                sleep(PAUSE_S)
            else:
                return

    def _records(self) -> list[Record]:
        if self.rng.random() < 0.5 and (echoed := self.echoes.take()):
            return echoed
        records = self.account.receive() or self.echoes.take()
        if records and self.rng.random() < ECHOING:
            self.echoes.add(records)
            self.tally.echoes += len(records)

        return records

    def _is_done(self, records: list[Record], worker: FunctionProcess) -> bool:
        self.tally.batches += 1
        with self._in_danger(worker):
            reply = worker.invoke({"Records": records})
        if reply is None:
            return False
        again = failed_message_ids(reply)
        self.account.delete([record for record in records if record["messageId"] not in again])

        return True

    @contextmanager
    def _in_danger(self, worker: FunctionProcess) -> Iterator[None]:
        chance, timers = self.rng.random(), list[Timer]()
        moment = self.rng.uniform(0.0, WITHIN_S)
        if chance < DEADLY:
            timers = [Timer(moment, self._kill, [worker])]
        elif chance < DEADLY + FREEZING:
            timers = [Timer(moment, self._freeze, [worker]), Timer(moment + self.lease + 1.0, worker.thaw)]
        for timer in timers:
            timer.start()
        yield
        for timer in timers:
            timer.cancel()

    def _kill(self, worker: FunctionProcess) -> None:
        self.tally.kills += 1
        worker.kill()

    def _freeze(self, worker: FunctionProcess) -> None:
        self.tally.freezes += 1
        worker.freeze()
