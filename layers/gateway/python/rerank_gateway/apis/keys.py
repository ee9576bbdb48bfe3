"""OpenRouter's API for keys, `/api/v1/keys` and `/api/v1/key`, with what our keys have beside."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from rerank_gateway.apis.openrouter import render_error
from rerank_gateway.apis.shared.foreign_fields import OF_A_KEY, OF_THE_CURRENT_KEY
from rerank_gateway.apis.shared.managed_fields import (
    KeyName,
    LimitFields,
    ManagedBody,
    Moment,
    TeamName,
    parse_known,
    to_changes,
    to_limits,
)
from rerank_gateway.apis.shared.request_fields import AS_INT, Name
from rerank_gateway.apis.shared.spending_fields import limit_fields
from rerank_gateway.domain.jobs.job import rfc3339
from rerank_gateway.domain.keys import EVERY_MODEL, VirtualKey
from rerank_gateway.domain.management.records import MAX_GRACE_S, Changes, KeyRecord, PreviousToken, may_manage
from rerank_gateway.domain.spending.usage import Spending

__all__ = ["parse_changes", "parse_grace", "parse_key", "render_current", "render_error", "render_key"]

MAX_MODELS = 100
Models = Annotated[list[Name], Field(min_length=1, max_length=MAX_MODELS, fail_fast=True)]


class KeyFields(LimitFields):
    """Who makes a key says so much; *models* are globs over `provider/model` and aliases."""

    team: TeamName | None = None
    models: Models | None = None
    expires_at: Moment | None = None
    disabled: bool | None = None
    admin: bool | None = None
    webhook: TeamName | None = None


class NewKeyBody(KeyFields):
    name: KeyName


class KeyChangesBody(KeyFields):
    name: KeyName | None = None


class RotationBody(ManagedBody):
    grace_seconds: Annotated[int, Field(ge=0, le=MAX_GRACE_S), AS_INT] | None = None


def parse_key(body: bytes) -> tuple[VirtualKey, list[str]]:
    """The key that *body* describes, without an id, and the fields it names. Raises InvalidRequest or TooLarge."""
    fields = parse_known(NewKeyBody, body)
    key = VirtualKey(
        id="",
        name=fields.name,
        models=tuple(fields.models) if fields.models else EVERY_MODEL,
        expires_at=fields.expires_at.timestamp() if fields.expires_at else None,
        disabled=bool(fields.disabled),
        team=fields.team or "",
        limits=to_limits(fields),
        admin=bool(fields.admin),
        webhook=fields.webhook or "",
    )

    return key, sorted(fields.model_fields_set)


def parse_changes(body: bytes) -> Changes:
    """What is to change. Raises InvalidRequest or TooLarge."""
    return to_changes(parse_known(KeyChangesBody, body))


def parse_grace(body: bytes) -> float:
    """Seconds for which the token before stays good. Raises InvalidRequest or TooLarge."""
    seconds = parse_known(RotationBody, body or b"{}").grace_seconds

    return MAX_GRACE_S if seconds is None else seconds


def render_key(record: KeyRecord, spending: Spending, now: float) -> dict[str, Any]:
    key = record.key

    return {
        "hash": record.hash,
        "id": key.id,
        "name": key.name,
        "label": record.label,
        "team": key.team or None,
        "models": list(key.models),
        "disabled": key.disabled,
        "admin": key.admin,
        "webhook": key.webhook or None,
        **limit_fields(key.limits, spending),
        "expires_at": _moment(key.expires_at),
        **OF_A_KEY,
        **_record_fields(record, now),
    }


def _record_fields(record: KeyRecord, now: float) -> dict[str, Any]:
    return {
        "created_at": rfc3339(record.created_at),
        "updated_at": rfc3339(record.updated_at),
        "creator_user_id": record.created_by or None,
        "previous": _previous(record.previous, now),
        **({"fault": record.fault} if record.fault else {}),
    }


def render_current(key: VirtualKey, spending: Spending) -> dict[str, Any]:
    """What a key is told of itself."""
    rate = key.limits.requests_per_minute

    return {
        "label": key.name,
        "id": key.id,
        "team": key.team or None,
        "models": list(key.models),
        **limit_fields(key.limits, spending),
        "expires_at": _moment(key.expires_at),
        "is_management_key": may_manage(key),
        "is_provisioning_key": may_manage(key),
        "rate_limit": {"requests": -1 if rate is None else rate, "interval": "60s", "note": "-1 is no limit"},
        "creator_user_id": None,
        **OF_THE_CURRENT_KEY,
    }


def _previous(token: PreviousToken | None, now: float) -> dict[str, Any] | None:
    """The token before, while it is good."""
    if token is None or token.expires_at <= now:
        return None

    return {"hash": token.hash, "expires_at": rfc3339(token.expires_at)}


def _moment(epoch: float | None) -> str | None:
    return None if epoch is None else rfc3339(epoch)
