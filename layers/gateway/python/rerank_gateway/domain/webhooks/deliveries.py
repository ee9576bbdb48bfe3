"""Messages on their way to an endpoint: what came of each try, and when the next one is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import WebhookEvent, WebhookMessage

RETRY_AFTER_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds between a try that failed and the next one: the schedule of Standard Webhooks 1.0, three days in all."""
JITTER = 0.1
"""The part of it by which a wait may be longer, so that those who failed together do not come together again."""
KEPT_S = 30 * 86_400
"""Seconds after which a delivery is forgotten."""
MAX_ATTEMPTS_KEPT = 50
GONE = 410
"""The status by which a receiver says that it wants no more."""
DISABLED = "endpoint_disabled"
CLOCK_SKEW_S = 1.0
"""Seconds by which who delivers may be behind who registers."""


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    A try that began *at* a moment in epoch seconds and took so many *milliseconds*: the *status_code* of the response,
    and after how many seconds it asked for another try, or the word for why there is none.
    """

    at: float
    milliseconds: int
    status_code: int | None = None
    failure: str | None = None
    retry_after: float | None = None

    @property
    def has_succeeded(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    An *event* on its way to an endpoint. *tries* are those of this *run*, of which the next one is due at *next_at*, in
    epoch seconds. *version* counts changes.
    """

    endpoint: str
    event: WebhookEvent
    created_at: float
    next_at: float
    status: DeliveryStatus = DeliveryStatus.PENDING
    attempts: tuple[Attempt, ...] = ()
    tries: int = 0
    run: int = 0
    version: int = 1

    @classmethod
    def of(cls, message: WebhookMessage, now: float) -> Delivery:
        """What becomes of *message*, due at once."""
        return cls(endpoint=message.endpoint, event=message.event, created_at=now, next_at=now, run=message.run)

    @property
    def id(self) -> str:
        """The same for a message that comes twice; by time, so that of a list the last one is the newest."""
        return f"{int(self.event.at * 1000):013d}-{self.event.message_id}"

    @property
    def message(self) -> WebhookMessage:
        """What has it made."""
        return WebhookMessage(self.endpoint, self.event, self.run)

    @property
    def is_over(self) -> bool:
        return self.status is not DeliveryStatus.PENDING

    @property
    def expires_at(self) -> float:
        return self.created_at + KEPT_S

    def is_for(self, endpoint: Endpoint) -> bool:
        """Whether it is about what came to pass when *endpoint* was there, and not another one that had its name."""
        return self.event.at > endpoint.created_at - CLOCK_SKEW_S

    def after(self, attempt: Attempt, now: float, rng: Random) -> Delivery:
        """The delivery when *attempt* has come to its end *now*: delivered, failed for good, or due once more."""
        attempts = (*self.attempts, attempt)[-MAX_ATTEMPTS_KEPT:]
        tried = replace(self, attempts=attempts, tries=self.tries + 1, version=self.version + 1)
        if attempt.has_succeeded:
            return replace(tried, status=DeliveryStatus.DELIVERED)
        if self.tries >= len(RETRY_AFTER_S) or attempt.status_code == GONE or attempt.failure == DISABLED:
            return replace(tried, status=DeliveryStatus.FAILED)

        scheduled = RETRY_AFTER_S[self.tries] * (1 + JITTER * rng.random())

        return replace(tried, next_at=now + max(scheduled, attempt.retry_after or 0.0))

    def once_more(self, now: float) -> Delivery:
        """The same message again from *now* on, however it went before."""
        return replace(
            self, status=DeliveryStatus.PENDING, next_at=now, tries=0, run=self.run + 1, version=self.version + 1
        )
