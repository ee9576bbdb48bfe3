"""Webhooks as those who manage them see them, `/v1/webhooks`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from rerank_gateway.apis.keys import parse_grace
from rerank_gateway.apis.openrouter import render_error
from rerank_gateway.apis.shared.managed_fields import ManagedBody, TeamName, parse_known
from rerank_gateway.apis.shared.response_fields import without_none
from rerank_gateway.domain.jobs.job import rfc3339
from rerank_gateway.domain.webhooks.addresses import MAX_URL_CHARS
from rerank_gateway.domain.webhooks.deliveries import Attempt, Delivery
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import EventType

__all__ = ["parse_changes", "parse_endpoint", "parse_grace", "render_delivery", "render_endpoint", "render_error"]

WebhookUrl = Annotated[str, Field(min_length=1, max_length=MAX_URL_CHARS)]
EventTypes = Annotated[list[EventType], Field(max_length=len(EventType), fail_fast=True)]


class WebhookChangesBody(ManagedBody):
    """*events* are all there are, unless some are named."""

    url: WebhookUrl | None = None
    events: EventTypes | None = None
    disabled: bool | None = None


class NewWebhookBody(WebhookChangesBody):
    name: TeamName
    url: WebhookUrl


def parse_endpoint(body: bytes) -> Endpoint:
    """Raises InvalidRequest or TooLarge."""
    fields = parse_known(NewWebhookBody, body)

    return Endpoint(fields.name, fields.url, _events(fields.events), bool(fields.disabled))


def parse_changes(body: bytes) -> Mapping[str, Any]:
    """The attributes that are to change of an endpoint, whose name stays. Raises InvalidRequest or TooLarge."""
    fields = parse_known(WebhookChangesBody, body)
    said = {name: getattr(fields, name) for name in fields.model_fields_set & WebhookChangesBody.model_fields.keys()}
    changes = {name: value for name, value in said.items() if value is not None}

    return {**changes, **({"events": _events(said["events"])} if "events" in said else {})}


def render_endpoint(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.name,
        "url": endpoint.url,
        "events": list(endpoint.events) or None,
        "disabled": endpoint.disabled,
        "disabled_because": endpoint.disabled_because or None,
        "created_at": rfc3339(endpoint.created_at),
        "updated_at": rfc3339(endpoint.updated_at),
        "created_by": endpoint.created_by,
    }


def render_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "webhook_id": delivery.event.message_id,
        "type": delivery.event.type,
        "subject": delivery.event.subject,
        "status": delivery.status,
        "created_at": rfc3339(delivery.created_at),
        "next_attempt_at": None if delivery.is_over else rfc3339(delivery.next_at),
        "attempts": [_attempt(attempt) for attempt in delivery.attempts],
    }


def _attempt(attempt: Attempt) -> dict[str, Any]:
    return {"at": rfc3339(attempt.at), "ms": attempt.milliseconds} | without_none(
        status_code=attempt.status_code, error=attempt.failure
    )


def _events(named: list[EventType] | None) -> tuple[EventType, ...]:
    return tuple(dict.fromkeys(named or ()))
