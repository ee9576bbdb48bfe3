"""Lambda's event source mapping: it takes messages to workers, and deletes those that are done with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from threading import Timer
from time import monotonic, sleep

from local.queues.sqs_events import failed_message_ids
from tests.crash.account import Account, Record
from tests.crash.processes import MODULE, FunctionProcess, function_process, running

DEADLY = 0.6
"""The share of batches that cost a worker its life, unless they are done before."""
BATCH_S = 0.4
"""Seconds that a batch takes at least. A worker dies within as many as the last one took, on however busy a machine."""
DELIVERIES = 3
"""How often a message may come with a worker that dies: a job that four workers died of is abandoned, and rightly."""
DEATHS = 8
"""How many one poller brings about, so that there is an end to it."""
PAUSE = 0.1


@dataclass
class Poller:
    """Has its batches done by one worker, and by the next one when that has died, which *rng* sees to."""

    account: Account
    workers: Iterator[FunctionProcess]
    rng: Random
    deaths: int = 0
    batch_s: float = BATCH_S

    def empty_the_queue(self, late: float) -> None:
        """Go on until no message is left, or until it is *late*."""
        worker = next(self.workers)
        while self.account.messages_left() and monotonic() < late:
            if not (records := self.account.receive()):
                sleep(PAUSE)
            elif not self._is_done(records, worker):
                worker = next(self.workers)
                self.deaths += 1

    def _is_done(self, records: list[Record], worker: FunctionProcess) -> bool:
        began = monotonic()
        with self._in_danger(worker, records):
            reply = worker.invoke({"Records": records})
        if reply is None:
            return False
        self.batch_s = max(monotonic() - began, BATCH_S)
        again = failed_message_ids(reply)
        self.account.delete([record for record in records if record["messageId"] not in again])

        return True

    @contextmanager
    def _in_danger(self, worker: FunctionProcess, records: list[Record]) -> Iterator[None]:
        is_deadly, life = self.rng.random() < DEADLY, self.rng.uniform(0.0, self.batch_s)
        death = Timer(life, worker.kill)
        deliveries = max(int(record["attributes"]["ApproximateReceiveCount"]) for record in records)
        if is_deadly and deliveries <= DELIVERIES and self.deaths < DEATHS:
            death.start()
        yield
        death.cancel()


@contextmanager
def line_of_workers(
    variables: Mapping[str, str], seconds: float, module: str = MODULE
) -> Iterator[Iterator[FunctionProcess]]:
    """As many workers as it takes. While one works, the next one starts."""
    with ExitStack() as stack:
        yield _line(partial(function_process, "worker", variables, seconds, module), stack)


def _line(start: Callable[[], FunctionProcess], stack: ExitStack) -> Iterator[FunctionProcess]:
    ready: list[FunctionProcess] = []
    while True:
        while len(ready) < 2:
            ready.append(start())
            stack.enter_context(running(ready[-1]))
        yield ready.pop(0)
