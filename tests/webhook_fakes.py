"""Webhooks without AWS: the stores keep the contract that DynamoDB keeps (tests/adapters/test_webhooks.py)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.webhooks.deliveries import Delivery
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import EventType, WebhookEvent, WebhookMessage
from rerank_gateway.domain.webhooks.ports import DeliveryStore, EndpointStore, Reply, WebhookQueue, WebhookSender
from rerank_gateway.domain.webhooks.signatures import Secrets, secret_of

SECRET, NEXT_SECRET = secret_of(b"one of thirty-two bytes, no less"), secret_of(b"and another which has as many of")
URL = "https://receiver.example/hooks"
ENDPOINT = Endpoint("orders", URL)


def event(event_type: EventType = EventType.JOB_COMPLETED, at: float = 900.0) -> WebhookEvent:
    return WebhookEvent(event_type, "job-1", at, {"id": "job-1", "status": "completed"})


def message(endpoint: str = "orders", run: int = 0, **changes: object) -> WebhookMessage:
    return WebhookMessage(endpoint, event(**changes), run)  # type: ignore[arg-type]  # as in event()


@dataclass
class InMemoryEndpoints(EndpointStore):
    """One that *loses_an_answer* makes the next rotation, and says that it did not."""

    endpoints: dict[str, Endpoint] = field(default_factory=lambda: {ENDPOINT.name: ENDPOINT})
    kept_secrets: dict[str, Secrets] = field(default_factory=lambda: {ENDPOINT.name: Secrets(SECRET)})
    loses_an_answer: bool = False

    def find(self, name: str) -> Endpoint | None:
        return self.endpoints.get(name)

    def all(self) -> Sequence[Endpoint]:
        return [self.endpoints[name] for name in sorted(self.endpoints)]

    def add(self, endpoint: Endpoint, secret: str) -> bool:
        if endpoint.name in self.endpoints:
            return False
        self.endpoints[endpoint.name], self.kept_secrets[endpoint.name] = endpoint, Secrets(secret)

        return True

    def change(self, endpoint: Endpoint) -> bool:
        there = self.endpoints.get(endpoint.name)
        if there is None or (there.version, there.created_at) != (endpoint.version - 1, endpoint.created_at):
            return False
        self.endpoints[endpoint.name] = endpoint

        return True

    def remove(self, name: str) -> bool:
        self.kept_secrets.pop(name, None)

        return self.endpoints.pop(name, None) is not None

    def secrets(self, name: str) -> Secrets | None:
        return self.kept_secrets.get(name)

    def rotate(self, name: str, seen: Secrets, new: Secrets) -> bool:
        if self.kept_secrets.get(name) != seen:
            return False
        self.kept_secrets[name] = new
        was_told, self.loses_an_answer = not self.loses_an_answer, False

        return was_told


@dataclass
class InMemoryDeliveries(DeliveryStore):
    """What changes a delivery under the feet of others is *overtaking*, once each; nothing does while it *is_away*."""

    deliveries: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    overtaking: list[Delivery] = field(default_factory=list)
    is_away: bool = False

    def add(self, delivery: Delivery) -> Delivery:
        return self.deliveries.setdefault((delivery.endpoint, delivery.id), delivery)

    def find(self, endpoint: str, delivery_id: str) -> Delivery | None:
        return self.deliveries.get((endpoint, delivery_id))

    def change(self, delivery: Delivery) -> bool:
        place = (delivery.endpoint, delivery.id)
        if self.is_away:
            raise Unavailable("the record of webhooks cannot be reached at the moment")
        if self.overtaking:
            self.deliveries[place] = self.overtaking.pop()
        there = self.deliveries.get(place)
        if there is None or there.version != delivery.version - 1:
            return False
        self.deliveries[place] = delivery

        return True

    def page(self, endpoint: str, limit: int, after: str | None) -> tuple[Sequence[Delivery], bool]:
        found = sorted((each for (name, _), each in self.deliveries.items() if name == endpoint), key=_id, reverse=True)
        rest = [each for each in found if after is None or each.id < after]

        return rest[:limit], len(rest) > limit


@dataclass
class FakeWebhookQueue(WebhookQueue):
    sent: list[WebhookMessage] = field(default_factory=list)
    is_away: bool = False

    def send(self, message: WebhookMessage) -> None:
        if self.is_away:
            raise Unavailable("the queue of webhooks cannot be reached at the moment")
        self.sent.append(message)


@dataclass
class FakeWebhookSender(WebhookSender):
    """A receiver that answers *replies* one after the other, and the last of them for ever."""

    replies: Iterable[Reply] = (Reply(200),)
    posted: list[tuple[str, Mapping[str, str], str]] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: str, deadline: Deadline) -> Reply:
        self.posted.append((url, headers, body))
        replies = list(self.replies)

        return replies[min(len(self.posted), len(replies)) - 1]


def _id(delivery: Delivery) -> str:
    return delivery.id
