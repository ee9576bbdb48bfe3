"""Whoever listens for the ends of jobs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.crash.account import Account

PAUSE_S = 0.5


@dataclass(frozen=True)
class Listener:
    """Counts the events of each job as they come, as moto takes its time over a long queue."""

    account: Account
    told: Counter[str] = field(default_factory=Counter)
    ending: Event = field(default_factory=Event)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """All that was told within the block is counted at its end."""
        thread = Thread(target=self._listen)
        thread.start()
        try:
            yield
        finally:
            self.ending.set()
            thread.join()

    def _listen(self) -> None:
        while True:
            was_ending = self.ending.wait(PAUSE_S)
            while self._heard():
                pass
            if was_ending:
                return

    def _heard(self) -> bool:
        sqs, queue = self.account.clients["sqs"], self.account.told
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        self.told.update(json.loads(message["Body"])["detail"]["id"] for message in messages)
        entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(messages)]
        if entries:
            sqs.delete_message_batch(QueueUrl=queue, Entries=entries)

        return bool(messages)
