"""Deliver one message: at least once, under one id, for as long as the schedule says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.webhooks.deliveries import DISABLED, GONE, Attempt, Delivery, DeliveryStatus
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import WebhookMessage
from rerank_gateway.domain.webhooks.ports import DeliveryStore, EndpointStore, WebhookSender

TIMEOUT_S = 15.0
"""Seconds that a receiver has for all of a try."""
RACE_PAUSE_S = 1.0
"""Seconds after which a message is looked at again whose other copy was faster."""
BY_THE_RECEIVER = "the receiver answered 410"


@dataclass(frozen=True, slots=True)
class Delivered:
    """
    What came of a message: seconds after which it must *come_again*, None where that is not so; its *delivery*, None
    where there is none to make.
    """

    come_again: float | None = None
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class DeliverWebhook:
    endpoints: EndpointStore
    deliveries: DeliveryStore
    sender: WebhookSender
    clock: Clock
    rng: Random

    def __call__(self, message: WebhookMessage) -> Delivered:
        """
        Try *message*, if a try is due. Raises Unavailable, after which it must come again.

        Whoever dies between the try and its record has it tried once more, under the same id.
        """
        endpoint, new = self.endpoints.find(message.endpoint), Delivery.of(message, self.clock.epoch())
        if endpoint is None or not self._is_wanted(endpoint, new):
            return Delivered()
        delivery = self.deliveries.add(new)
        if not delivery.is_for(endpoint):
            return Delivered()
        if delivery.run < message.run:
            return self._begun_again(delivery)
        if delivery.is_over or delivery.run > message.run:
            return Delivered()
        if (wait := delivery.next_at - self.clock.epoch()) > 0:
            return Delivered(come_again=wait)

        return self._recorded(delivery, self._tried(endpoint, delivery))

    def _is_wanted(self, endpoint: Endpoint, new: Delivery) -> bool:
        """What is under way, or is to be delivered once more, was so before *endpoint* chose other events."""
        return endpoint.wants(new.event.type) or self.deliveries.find(endpoint.name, new.id) is not None

    def _begun_again(self, delivery: Delivery) -> Delivered:
        """Write what whoever has *delivery* made once more has not, or not yet: they may have died before."""
        self.deliveries.change(delivery.once_more(self.clock.epoch()))

        return Delivered(come_again=RACE_PAUSE_S)

    def _tried(self, endpoint: Endpoint, delivery: Delivery) -> Attempt:
        began, started = self.clock.epoch(), self.clock.now()
        secrets = None if endpoint.disabled else self.endpoints.secrets(endpoint.name)
        if secrets is None:
            return Attempt(began, 0, failure=DISABLED)
        body = delivery.event.body
        headers = secrets.sign(delivery.event.message_id, body, began)
        reply = self.sender.post(endpoint.url, headers, body, Deadline.after(self.clock, TIMEOUT_S))
        if reply.status_code == GONE:
            self._disable(endpoint)
        milliseconds = round((self.clock.now() - started) * 1000)

        return Attempt(began, milliseconds, reply.status_code, reply.failure, reply.retry_after)

    def _disable(self, endpoint: Endpoint) -> None:
        """Before that is recorded of the delivery. Whoever has changed *endpoint* meanwhile knows better."""
        now = self.clock.epoch()
        self.endpoints.change(
            replace(
                endpoint, disabled=True, disabled_because=BY_THE_RECEIVER, updated_at=now, version=endpoint.version + 1
            )
        )

    def _recorded(self, delivery: Delivery, attempt: Attempt) -> Delivered:
        now = self.clock.epoch()
        tried = delivery.after(attempt, now, self.rng)
        if not self.deliveries.change(tried):
            return Delivered(come_again=RACE_PAUSE_S)
        is_pending = tried.status is DeliveryStatus.PENDING

        return Delivered(tried.next_at - now if is_pending else None, tried)
