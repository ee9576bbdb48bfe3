"""Lambda's part between a queue and a function: take messages, have them worked on, delete what is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import perf_counter, sleep
from typing import Any

from local.batches import Message, event_of, must_come_again
from local.routes import Invoke
from local.template import Feed

SIDE_BY_SIDE = 2
"""Batches of a queue that are worked on at the same time, so that a slow one does not keep up all others."""
PATIENCE = 20
"""Seconds for which a queue is asked to wait for messages, the most that SQS does. The first one ends the wait."""
PAUSE = 1.0
"""Seconds after a failure, so that one that lasts does not fill the terminal."""

TellBatch = Callable[[str, int, int, float], None]
"""Is told of each batch: the function, its messages, how many of them come again, and the seconds that it took."""
TellFailure = Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Poller:
    """
    Feeds a function that *invoke* runs with the messages of *sqs*'s queue at *url*.

    What the function has not finished, and all of a batch on which it fails, comes again as soon as it is visible.
    """

    feed: Feed
    invoke: Invoke
    sqs: Any
    url: str
    tell: TellBatch
    tell_failure: TellFailure
    asking: Lock = field(default_factory=Lock)

    def start(self) -> None:
        for _ in range(SIDE_BY_SIDE):
            Thread(target=self._poll, daemon=True).start()

    def _poll(self) -> None:
        while True:
            try:
                self.work_once()
            except Exception as error:  # whatever is wrong, the next batch shall be worked on
                self.tell_failure(self.feed.function, error)
                sleep(PAUSE)

    def work_once(self) -> None:
        """Wait for messages, and have them worked on. Raises what the function raises."""
        messages = self._received()
        if not messages:
            return
        started = perf_counter()
        again = must_come_again(self.invoke(event_of(messages, self.feed.queue)))
        done = [message for message in messages if message["MessageId"] not in again]
        self._delete(done)
        self.tell(self.feed.function, len(messages), len(messages) - len(done), perf_counter() - started)

    def _received(self) -> Sequence[Message]:
        # One asks at a time: moto may give the same message to two.
        with self.asking:
            reply = self.sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=self.feed.batch_size,
                WaitTimeSeconds=PATIENCE,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )
        messages: Sequence[Message] = reply.get("Messages", ())

        return messages

    def _delete(self, messages: Sequence[Message]) -> None:
        entries = [
            {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]} for place, message in enumerate(messages)
        ]
        if entries:
            self.sqs.delete_message_batch(QueueUrl=self.url, Entries=entries)
