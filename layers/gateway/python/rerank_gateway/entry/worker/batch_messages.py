"""The messages of an event about batches, and which of them is handled alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.batches.messages import BatchMessage
from rerank_gateway.domain.batches.ports import Step
from rerank_gateway.entry import observability
from rerank_gateway.use_cases.jobs.isolate import MAX_SHARED_CLAIMS

if TYPE_CHECKING:
    from rerank_gateway.entry.worker.batch_services import BatchServices

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it came, and what it says; None where it says nothing that is understood."""

    record: Record
    message: BatchMessage | None

    @property
    def id(self) -> str:
        return str(self.record["messageId"])

    @property
    def is_long(self) -> bool:
        """Whether it may take all the time there is."""
        return self.message is not None and self.message.step in (Step.VALIDATE, Step.FINALIZE)


def received_of(record: Record, services: BatchServices) -> Received:
    """*record*, understood as far as it can be."""
    try:
        return Received(record, services.batch_queue.parse_record(record))
    except Exception as error:  # whatever is in it, the others are to be handled
        observability.log_bug(error, {"message_id": record["messageId"]})

    return Received(record, None)


def alone_of(received: Sequence[Received], services: BatchServices) -> str | None:
    """The message that is handled alone, if there is one that must be."""
    # What is wrong here shows when it is handled.
    with suppress(Exception):
        for each in received:
            if each.message and _is_suspect(each.message, services):
                return each.id

    return None


def _is_suspect(message: BatchMessage, services: BatchServices) -> bool:
    """Whether workers may have died of the chunk of *message*, so that it is not to take others with it."""
    # What comes for the first time has killed nobody, and need not be looked up.
    if message.step is not Step.CHUNK or message.receive_count == 1:
        return False
    state = services.batch_work.peek(message.batch_id, message.chunk)

    return state.claims >= MAX_SHARED_CLAIMS and not state.is_held(services.clock.epoch())
