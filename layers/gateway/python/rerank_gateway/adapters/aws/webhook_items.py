"""
WebhooksTable. Endpoints and what signs for them are items apart, as one function more may read the former.

| kind | entry | what it is |
|---|---|---|
| `endpoint` | NAME | an endpoint |
| `secret` | NAME | its secrets |
| `deliveries#NAME` | TIME-MESSAGE | a delivery to it, which DynamoDB deletes after `expires_at` |
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from math import ceil
from typing import Any, TypeAlias

from rerank_gateway.adapters.aws.job_items import to_attributes
from rerank_gateway.domain.webhooks.deliveries import Attempt, Delivery, DeliveryStatus
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import EventType, WebhookEvent
from rerank_gateway.domain.webhooks.signatures import Secrets

ENDPOINT, SECRET, DELIVERIES = "endpoint", "secret", "deliveries#"

Values: TypeAlias = Mapping[str, str | float | bytes | None]
Item: TypeAlias = Mapping[str, Mapping[str, Any]]


def key(kind: str, entry: str) -> dict[str, Any]:
    return to_attributes({"kind": kind, "entry": entry})


def endpoint_item(endpoint: Endpoint) -> dict[str, Any]:
    values: Values = {
        "url": endpoint.url,
        "events": json.dumps(endpoint.events),
        "disabled": int(endpoint.disabled),
        "disabled_because": endpoint.disabled_because or None,
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
        "created_by": endpoint.created_by,
        "version": endpoint.version,
    }

    return key(ENDPOINT, endpoint.name) | to_attributes(values)


def to_endpoint(item: Item) -> Endpoint:
    return Endpoint(
        name=item["entry"]["S"],
        url=item["url"]["S"],
        events=tuple(map(EventType, json.loads(item["events"]["S"]))),
        disabled=item["disabled"]["N"] != "0",
        disabled_because=item.get("disabled_because", {}).get("S", ""),
        created_at=float(item["created_at"]["N"]),
        updated_at=float(item["updated_at"]["N"]),
        created_by=item["created_by"]["S"],
        version=int(item["version"]["N"]),
    )


def secret_item(name: str, secrets: Secrets) -> dict[str, Any]:
    return key(SECRET, name) | to_attributes({"signs": secrets.current, "former": json.dumps(secrets.former)})


def to_secrets(item: Item) -> Secrets:
    former = tuple((old, until) for old, until in json.loads(item["former"]["S"]))

    return Secrets(item["signs"]["S"], former)


def delivery_item(delivery: Delivery) -> dict[str, Any]:
    event = delivery.event
    values: Values = {
        "type": event.type,
        "subject": event.subject,
        "at": event.at,
        "data": json.dumps(event.data),
        "created_at": delivery.created_at,
        "next_at": delivery.next_at,
        "status": delivery.status,
        "attempts": json.dumps([asdict(attempt) for attempt in delivery.attempts]),
        "tries": delivery.tries,
        "run": delivery.run,
        "version": delivery.version,
        "expires_at": ceil(delivery.expires_at),
    }

    return key(f"{DELIVERIES}{delivery.endpoint}", delivery.id) | to_attributes(values)


def to_delivery(item: Item) -> Delivery:
    data = json.loads(item["data"]["S"])
    event = WebhookEvent(EventType(item["type"]["S"]), item["subject"]["S"], float(item["at"]["N"]), data)

    return Delivery(
        endpoint=item["kind"]["S"].removeprefix(DELIVERIES),
        event=event,
        created_at=float(item["created_at"]["N"]),
        next_at=float(item["next_at"]["N"]),
        status=DeliveryStatus(item["status"]["S"]),
        attempts=tuple(Attempt(**attempt) for attempt in json.loads(item["attempts"]["S"])),
        tries=int(item["tries"]["N"]),
        run=int(item["run"]["N"]),
        version=int(item["version"]["N"]),
    )
