"""See what was delivered to an endpoint, have something delivered once more, and try an endpoint out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import InUse, Unavailable, UnknownDelivery
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.management.records import must_manage
from rerank_gateway.domain.webhooks.deliveries import Delivery
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import EventType, WebhookEvent, WebhookMessage
from rerank_gateway.domain.webhooks.ports import DeliveryStore, EndpointFinder, WebhookQueue
from rerank_gateway.use_cases.webhooks.endpoints import find_endpoint


@dataclass(frozen=True, slots=True)
class ManageDeliveries:
    """All methods raise AdminRequired unless the key *by* manages keys, UnknownWebhook and Unavailable."""

    endpoints: EndpointFinder
    deliveries: DeliveryStore
    queue: WebhookQueue
    clock: Clock

    def page(self, by: VirtualKey, name: str, limit: int, after: str | None) -> tuple[Sequence[Delivery], str | None]:
        """Some deliveries to an endpoint, the newest first, and the id to go on after, if there are more."""
        must_manage(by)
        endpoint = find_endpoint(self.endpoints, name)
        found, has_more = self.deliveries.page(name, limit, after)
        shown = [each for each in found if each.is_for(endpoint)]

        return shown, found[-1].id if has_more else None

    def redeliver(self, by: VirtualKey, name: str, delivery_id: str) -> Delivery:
        """
        The delivery of this id, from now on as if it were a new one, under the same message id. Raises UnknownDelivery,
        or InUse where the endpoint is disabled.
        """
        must_manage(by)
        endpoint = self._enabled(name)
        delivery = self.deliveries.find(name, delivery_id)
        if delivery is None or not delivery.is_for(endpoint):
            raise UnknownDelivery("there is no such delivery")
        renewed = delivery.once_more(self.clock.epoch())
        # First: a message of before is void as soon as the next line is done. Without that, whoever delivers does it.
        self.queue.send(renewed.message)
        with suppress(Unavailable):
            self.deliveries.change(renewed)

        return renewed

    def test(self, by: VirtualKey, name: str) -> Delivery:
        """What becomes of a message that says nothing. Raises InUse where the endpoint is disabled."""
        must_manage(by)
        self._enabled(name)
        now = self.clock.epoch()
        event = WebhookEvent(EventType.TEST, uuid4().hex, now, {"webhook": name, "requested_by": by.id})
        message = WebhookMessage(name, event)
        self.queue.send(message)

        return Delivery.of(message, now)

    def _enabled(self, name: str) -> Endpoint:
        endpoint = find_endpoint(self.endpoints, name)
        if endpoint.disabled:
            raise InUse("this webhook is disabled: enable it first", param="name")

        return endpoint
