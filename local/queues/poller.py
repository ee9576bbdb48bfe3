"""Lambda's part between a queue and a function: receive messages, invoke the function, delete what is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Any

from local.cloudformation.template import EventSourceMapping
from local.lambda_runtime import Invoke
from local.queues.sqs_events import Message, failed_message_ids, to_sqs_event

CONCURRENT_BATCHES = 2
"""Of one queue, so that a slow batch does not keep up all others."""
LONG_POLL_SECONDS = 20
"""The most that SQS waits for messages. The first one ends the wait."""
ERROR_PAUSE_SECONDS = 1.0
"""So that an error that lasts does not fill the terminal."""

OnBatch = Callable[[str, int, int, float], None]
"""Is called after each batch: the function, its messages, how many of them failed, and the seconds that it took."""
OnError = Callable[[str, Exception], None]


@dataclass(frozen=True, slots=True)
class Poller:
    """
    Invokes a function by *invoke* with the messages of *sqs*'s queue at *queue_url*.

    The messages that the function says have failed, and a whole batch on which it raises, are redelivered after their
    visibility timeout.
    """

    mapping: EventSourceMapping
    invoke: Invoke
    sqs: Any
    queue_url: str
    on_batch: OnBatch
    on_error: OnError
    long_poll_seconds: int = LONG_POLL_SECONDS
    receive_lock: Lock = field(default_factory=Lock)
    stopped: Event = field(default_factory=Event)
    threads: list[Thread] = field(default_factory=list)

    def start(self) -> None:
        for _ in range(CONCURRENT_BATCHES):
            self.threads.append(thread := Thread(target=self._poll_until_stopped, daemon=True))
            thread.start()

    def stop(self) -> None:
        """Return once nobody polls any more: after the long poll and the batches that are under way."""
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _poll_until_stopped(self) -> None:
        while not self.stopped.is_set():
            try:
                self.poll_once()
            except Exception as error:  # whatever is wrong, the next batch shall be worked on
                self.on_error(self.mapping.function, error)
                self.stopped.wait(ERROR_PAUSE_SECONDS)

    def poll_once(self) -> None:
        """Wait for messages, and invoke the function with them. Raises what the function raises."""
        messages = self._receive()
        if not messages:
            return
        started = perf_counter()
        failed = failed_message_ids(self.invoke(to_sqs_event(messages, self.mapping.queue_arn)))
        done = [message for message in messages if message["MessageId"] not in failed]
        self._delete(done)
        self.on_batch(self.mapping.function, len(messages), len(messages) - len(done), perf_counter() - started)

    def _receive(self) -> Sequence[Message]:
        # One thread at a time: moto may give the same message to two.
        with self.receive_lock:
            if self.stopped.is_set():
                return ()
            reply = self.sqs.receive_message(
                QueueUrl=self.queue_url,
                MaxNumberOfMessages=self.mapping.batch_size,
                WaitTimeSeconds=self.long_poll_seconds,
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
            self.sqs.delete_message_batch(QueueUrl=self.queue_url, Entries=entries)
