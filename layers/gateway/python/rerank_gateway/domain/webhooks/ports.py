"""What webhooks need from the world; `entry/wiring` fills it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.webhooks.deliveries import Delivery
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import WebhookMessage
from rerank_gateway.domain.webhooks.signatures import Secrets


class WebhookQueue(Protocol):
    def send(self, message: WebhookMessage) -> None:
        """
        Have *message* delivered, unless by then its endpoint is gone or does not want it: once, and again as often as
        that fails. What is sent twice is delivered under one id. Raises Unavailable.
        """


class EndpointFinder(Protocol):
    """All that whoever names an endpoint needs."""

    def find(self, name: str) -> Endpoint | None:
        """Raises Unavailable."""


class EndpointStore(EndpointFinder, Protocol):
    """
    All methods raise Unavailable. A write happens only where what it is given still is so; it says whether it did.
    """

    def all(self) -> Sequence[Endpoint]:
        """By name."""

    def add(self, endpoint: Endpoint, secret: str) -> bool:
        """Keep a new one. Its name must be free."""

    def change(self, endpoint: Endpoint) -> bool:
        """Put *endpoint* in the place of the version before."""

    def remove(self, name: str) -> bool: ...

    def secrets(self, name: str) -> Secrets | None: ...

    def rotate(self, name: str, seen: Secrets, new: Secrets) -> bool: ...


class DeliveryStore(Protocol):
    """All methods raise Unavailable."""

    def add(self, delivery: Delivery) -> Delivery:
        """Keep *delivery* unless there is one with its id; the one that is there then."""

    def find(self, endpoint: str, delivery_id: str) -> Delivery | None: ...

    def change(self, delivery: Delivery) -> bool:
        """Put *delivery* in the place of the version before; whether that was still there."""

    def page(self, endpoint: str, limit: int, after: str | None) -> tuple[Sequence[Delivery], bool]:
        """The newest *limit* that are older than *after*, and whether there are more."""


@dataclass(frozen=True, slots=True)
class Reply:
    """
    The *status_code* of a response, and the seconds after which it wants another try, if it says so; or the word for
    why there is none: its *failure*.
    """

    status_code: int | None = None
    failure: str | None = None
    retry_after: float | None = None


class WebhookSender(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: str, deadline: Deadline) -> Reply:
        """Post *body* to a public address before *deadline*, and leave aside all of a response but its head."""


class SecretSource(Protocol):
    def __call__(self) -> str:
        """A new secret, which nobody could guess."""
