"""EndpointStore and DeliveryStore in WebhooksTable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rerank_gateway.adapters.aws.webhook_items import (
    DELIVERIES,
    ENDPOINT,
    SECRET,
    delivery_item,
    endpoint_item,
    secret_item,
    to_delivery,
    to_endpoint,
    to_secrets,
)
from rerank_gateway.adapters.aws.webhooks_table import NEW, WebhooksTable
from rerank_gateway.domain.webhooks.deliveries import Delivery
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.ports import DeliveryStore, EndpointStore
from rerank_gateway.domain.webhooks.signatures import Secrets


@dataclass(frozen=True, slots=True)
class DynamoEndpoints(EndpointStore):
    table: WebhooksTable

    def find(self, name: str) -> Endpoint | None:
        item = self.table.get(ENDPOINT, name)

        return to_endpoint(item) if item else None

    def all(self) -> Sequence[Endpoint]:
        return [to_endpoint(item) for item in self.table.all(ENDPOINT)]

    def add(self, endpoint: Endpoint, secret: str) -> bool:
        items = (endpoint_item(endpoint), secret_item(endpoint.name, Secrets(secret)))

        return self.table.together([{"Put": self.table.to_put(item, NEW)} for item in items])

    def change(self, endpoint: Endpoint) -> bool:
        # Another one that has got the name since has a version like it.
        expected = "version = :seen AND created_at = :made"

        return self.table.put(endpoint_item(endpoint), expected, seen=endpoint.version - 1, made=endpoint.created_at)

    def remove(self, name: str) -> bool:
        there = "attribute_exists(entry)"
        deletes = [self.table.to_delete(kind, name, there) for kind in (ENDPOINT, SECRET)]

        return self.table.together([{"Delete": each} for each in deletes])

    def secrets(self, name: str) -> Secrets | None:
        item = self.table.get(SECRET, name)

        return to_secrets(item) if item else None

    def rotate(self, name: str, seen: Secrets, new: Secrets) -> bool:
        return self.table.put(secret_item(name, new), "signs = :seen", seen=seen.current)


@dataclass(frozen=True, slots=True)
class DynamoDeliveries(DeliveryStore):
    table: WebhooksTable

    def add(self, delivery: Delivery) -> Delivery:
        if self.table.put(delivery_item(delivery), NEW):
            return delivery
        there = self.find(delivery.endpoint, delivery.id)

        # What was there may have been deleted in between; then its place is free.
        return there or self.add(delivery)

    def find(self, endpoint: str, delivery_id: str) -> Delivery | None:
        item = self.table.get(f"{DELIVERIES}{endpoint}", delivery_id)

        return to_delivery(item) if item else None

    def change(self, delivery: Delivery) -> bool:
        return self.table.put(delivery_item(delivery), "version = :seen", seen=delivery.version - 1)

    def page(self, endpoint: str, limit: int, after: str | None) -> tuple[Sequence[Delivery], bool]:
        items = self.table.page(f"{DELIVERIES}{endpoint}", limit + 1, after)

        return [to_delivery(item) for item in items[:limit]], len(items) > limit
