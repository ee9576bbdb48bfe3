"""Lambda's event source mapping: it takes messages to workers, and deletes those that are done with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random
from threading import Event, Thread
from time import monotonic, sleep

from local.queues.sqs_events import failed_message_ids
from tests.crash.account import Account, Record
from tests.crash.left_behind import let_time_pass, redeliver
from tests.crash.processes import MODULE, FunctionProcess, function_process, running
from tests.upstream import Upstream

DEADLY = 0.6
"""The share of batches that cost a worker its life, unless they are done before: all of them, until one did."""
AT_WORK_S = 0.15
"""
Seconds, at most, that a worker lives on after one of its questions: it gets an answer and records that, or does not.
How long a batch takes is of no importance, on however busy a machine.
"""
DELIVERIES = 3
"""How often a message may come with a worker that dies: a job that four workers died of is abandoned, and rightly."""
DEATHS = 6
"""How many one poller brings about, so that there is an end to it."""
PAUSE = 0.02


@dataclass
class Poller:
    """
    Has its batches done by one worker, and by the next one when that has died, which *rng* sees to, at a question to
    the *provider*. Time goes by then for what the dead one had, unless *is_patient*: its messages come again later.
    """

    account: Account
    workers: Iterator[FunctionProcess]
    provider: Upstream
    rng: Random
    is_patient: bool = False
    deaths: int = 0

    def empty_the_queue(self, late: float) -> None:
        """Go on until no message is left, or until it is *late*."""
        worker = next(self.workers)
        while self.account.messages_left() and monotonic() < late:
            if not (records := self.account.receive()):
                sleep(PAUSE)
            elif not self._is_done(records, worker):
                worker = next(self.workers)
                self.deaths += 1
                if not self.is_patient:
                    let_time_pass(self.account, records)

    def _is_done(self, records: list[Record], worker: FunctionProcess) -> bool:
        with self._in_danger(worker, records):
            reply = worker.invoke({"Records": records})
        if reply is None:
            return False
        again = failed_message_ids(reply)
        self.account.delete([record for record in records if record["messageId"] not in again])
        if not self.is_patient:
            redeliver(self.account, [record for record in records if record["messageId"] in again])

        return True

    @contextmanager
    def _in_danger(self, worker: FunctionProcess, records: list[Record]) -> Iterator[None]:
        is_deadly, is_over = self.rng.random() < DEADLY or not self.deaths, Event()
        last, life = len(self.provider.questions) + self.rng.randint(1, len(records)), self.rng.uniform(0, AT_WORK_S)
        deliveries = max(int(record["attributes"]["ApproximateReceiveCount"]) for record in records)
        if is_deadly and deliveries <= DELIVERIES and self.deaths < DEATHS:
            Thread(target=self._kill, args=(worker, last, life, is_over)).start()
        yield
        is_over.set()

    def _kill(self, worker: FunctionProcess, last: int, life: float, is_over: Event) -> None:
        """Kill *worker* so many seconds of *life* after the *last* question, unless its batch is over before."""
        while len(self.provider.questions) < last and not is_over.wait(0.005):
            pass
        if not is_over.wait(life):
            worker.kill()


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
