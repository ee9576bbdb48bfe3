"""What is said of webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from rerank_gateway.apis.keys import RotationBody
from rerank_gateway.apis.webhooks import NewWebhookBody, WebhookChangesBody
from rerank_gateway.entry.routes.key_query import MAX_AFTER_CHARS, MAX_PAGE
from tools.openapi import failures
from tools.openapi.answers import Count, Moment
from tools.openapi.management import Deleted, Managed, limit, query

EventName = Literal[
    "async_job.completed",
    "async_job.failed",
    "batch.completed",
    "batch.failed",
    "batch.expired",
    "batch.cancelled",
    "webhook.test",
]


class Webhook(TypedDict):
    """`events` is null where it gets all of them."""

    name: str
    url: str
    events: list[EventName] | None
    disabled: bool
    disabled_because: str | None
    created_at: Moment
    updated_at: Moment
    created_by: str


class ShownWebhook(TypedDict):
    data: Webhook


class IssuedWebhook(TypedDict):
    """`secret` is told this once."""

    data: Webhook
    secret: str


class Webhooks(TypedDict):
    data: list[Webhook]


class DeliveryAttempt(TypedDict):
    """It has the status of the response, or the word for why there is none."""

    at: Moment
    ms: Count
    status_code: NotRequired[Annotated[int, Field(ge=100, le=999)]]
    error: NotRequired[str]


class Delivery(TypedDict):
    """`webhook_id` is what the receiver knows the message by, `subject` the id of the job or batch."""

    id: str
    webhook_id: str
    type: EventName
    subject: str
    status: Literal["pending", "delivered", "failed"]
    created_at: Moment
    next_attempt_at: Moment | None
    attempts: list[DeliveryAttempt]


class ShownDelivery(TypedDict):
    data: Delivery


class DeliveryPage(TypedDict):
    """`next` is for `after`, where there are more."""

    data: list[Delivery]
    next: str | None


WEBHOOKS = "Webhooks"
NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
DELIVERY_ID = {**NAME, "name": "id"}
AFTER = query(
    "after", "What the page before had in `next`.", {"type": "string", "minLength": 1, "maxLength": MAX_AFTER_CHARS}
)
OPERATIONS: Mapping[str, Managed] = {
    "POST /v1/webhooks": Managed(
        "Register a webhook", WEBHOOKS, IssuedWebhook, failures.NEW_TEAM, 201, (), NewWebhookBody, "webhook_create"
    ),
    "GET /v1/webhooks": Managed("List webhooks", WEBHOOKS, Webhooks, failures.WEBHOOK_LIST),
    "GET /v1/webhooks/{name}": Managed("See a webhook", WEBHOOKS, ShownWebhook, failures.WEBHOOK, parameters=[NAME]),
    "PATCH /v1/webhooks/{name}": Managed(
        "Change a webhook",
        WEBHOOKS,
        ShownWebhook,
        failures.CHANGED_WEBHOOK,
        200,
        [NAME],
        WebhookChangesBody,
        "webhook_change",
    ),
    "DELETE /v1/webhooks/{name}": Managed("Remove a webhook", WEBHOOKS, Deleted, failures.WEBHOOK, parameters=[NAME]),
    "POST /v1/webhooks/{name}/rotate": Managed(
        "Give a webhook another secret",
        WEBHOOKS,
        IssuedWebhook,
        failures.CHANGED_WEBHOOK,
        200,
        [NAME],
        RotationBody,
        "webhook_rotate",
    ),
    "POST /v1/webhooks/{name}/test": Managed(
        "Send a test", WEBHOOKS, ShownDelivery, failures.TOLD_WEBHOOK, 202, parameters=[NAME]
    ),
    "GET /v1/webhooks/{name}/deliveries": Managed(
        "See what was delivered",
        WEBHOOKS,
        DeliveryPage,
        failures.DELIVERY_LIST,
        parameters=[NAME, limit(MAX_PAGE), AFTER],
    ),
    "POST /v1/webhooks/{name}/deliveries/{id}/redeliver": Managed(
        "Deliver once more", WEBHOOKS, ShownDelivery, failures.REDELIVERY, 202, parameters=[NAME, DELIVERY_ID]
    ),
}
BODIES = (NewWebhookBody, WebhookChangesBody)
ANSWERS: tuple[Any, ...] = (ShownWebhook, IssuedWebhook, Webhooks, ShownDelivery, DeliveryPage)
