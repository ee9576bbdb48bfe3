"""Tell of an end: once wherever possible, and never not at all; unless the operator has nobody told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.webhooks.events import WebhookMessage
from rerank_gateway.domain.webhooks.ports import WebhookQueue
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver

ANNOUNCING_S = 20.0
"""Seconds that whoever brings something to its end may need to tell of it. Until then nobody else does."""


class Announced(Protocol):
    """A job or a batch; *event_sent* says that its end was told."""

    @property
    def event_sent(self) -> bool: ...
    @property
    def webhook(self) -> str: ...


Ended = TypeVar("Ended", bound=Announced)
Kept = TypeVar("Kept", contravariant=True)


class EndStore(Protocol[Kept]):
    def record_event(self, ended: Kept, now: float, /) -> None:
        """Remember that the end of *ended* was told. Raises Unavailable."""


class EndPublisher(Protocol[Kept]):
    def publish(self, ended: Kept, /) -> None:
        """Tell whoever listens that *ended* has ended. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class AnnounceEnd(ABC, Generic[Ended]):
    """Without a *publisher* only those hear of an end who have a webhook for it."""

    store: EndStore[Ended]
    publisher: EndPublisher[Ended] | None
    clock: Clock
    webhooks: WebhookQueue | None = None

    @abstractmethod
    def ended_at(self, ended: Ended) -> float | None:
        """When it was, in epoch seconds."""

    @abstractmethod
    def message(self, ended: Ended) -> WebhookMessage:
        """What its webhook is told."""

    def __call__(self, ended: Ended) -> None:
        """Tell of the end of *ended*, unless that was done before. Raises Unavailable."""
        if ended.event_sent or not self._is_told(ended):
            return
        try:
            if self.publisher:
                self.publisher.publish(ended)
        finally:
            # Who waits for this is told whatever becomes of the event.
            if self.webhooks and ended.webhook:
                self.webhooks.send(self.message(ended))
        # Without this it may be told twice, which is better than to have its message come again for sure.
        with suppress(Unavailable):
            self.store.record_event(ended, self.clock.epoch())

    def for_another(self, ended: Ended) -> Redeliver | None:
        """Tell of the end of *ended* if whoever ended it has not come to it by now; otherwise, when to look again."""
        wait = (self.ended_at(ended) or 0.0) + ANNOUNCING_S - self.clock.epoch()
        if self._is_told(ended) and not ended.event_sent and wait > 0:
            return Redeliver(wait + CLOCK_SKEW_S)
        self(ended)

        return None

    def _is_told(self, ended: Ended) -> bool:
        return bool(self.publisher or (self.webhooks and ended.webhook))
