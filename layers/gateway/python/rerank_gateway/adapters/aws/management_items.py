"""
Keys and teams as those who manage them write them into KeysTable.

A key is one item under the hash of its token, for whoever comes with the token, and one under `id#ID`, for jobs that
name it as their owner and for those who manage it. Both have all of the record: one read is enough for each. Both are
written at once. The token before this one, while it is good, is an item of its own with the same id.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rerank_gateway.adapters.aws.dynamodb_keys import OWNER_PREFIX, TEAM_PREFIX
from rerank_gateway.adapters.aws.key_items import Item, to_key, to_team
from rerank_gateway.domain.errors import FaultyKey
from rerank_gateway.domain.keys import Team, VirtualKey
from rerank_gateway.domain.management.records import KeyRecord, PreviousToken, TeamRecord, Value
from rerank_gateway.domain.spending.limits import NANOS_PER_USD, Limits


def to_attribute(value: Value) -> dict[str, Any]:
    """*value* in DynamoDB's notation."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case tuple():
            return {"L": [{"S": entry} for entry in value]}

    # As people write it: DynamoDB's numbers are decimal.
    return {"N": format(Decimal(repr(value)), "f")}


def to_attributes(values: Mapping[str, Value]) -> dict[str, Any]:
    """What is None is left out."""
    return {name: to_attribute(value) for name, value in values.items() if value is not None}


def key_items(record: KeyRecord) -> tuple[dict[str, Any], dict[str, Any]]:
    """The item for the token of *record*, and that for its id."""
    shared = {**_key_values(record.key), "created_at": record.created_at, "updated_at": record.updated_at}
    by_id: dict[str, Value] = {
        "hash": record.hash,
        "label": record.label,
        "created_by": record.created_by,
        **previous_values(record.previous),
        "version": record.version,
    }

    return (
        to_attributes({"key_hash": record.hash, **shared}),
        to_attributes({"key_hash": f"{OWNER_PREFIX}{record.key.id}", **shared, **by_id}),
    )


def previous_values(previous: PreviousToken | None) -> dict[str, Value]:
    """How the item under a key's id tells of the token before."""
    if previous is None:
        return {"previous_hash": None, "previous_expires_at": None}

    return {"previous_hash": previous.hash, "previous_expires_at": previous.expires_at}


def team_item(record: TeamRecord) -> dict[str, Any]:
    team = record.team
    values = {"name": team.name, "disabled": team.disabled, **_limit_values(team.limits)}
    moments = {"created_at": record.created_at, "updated_at": record.updated_at}

    return to_attributes({"key_hash": f"{TEAM_PREFIX}{team.name}", **values, **moments, "key_count": record.keys})


def to_key_record(item: Item) -> KeyRecord:
    """The record in a key's *item*: that under its id or, where somebody wrote it by hand, that under its hash."""
    try:
        key, fault = to_key(item), None
    except FaultyKey as faulty:
        key, fault = VirtualKey(_text(item, "id"), models=(), disabled=True), faulty.attribute

    return KeyRecord(
        key=key,
        hash=_text(item, "hash") or _text(item, "key_hash"),
        label=_text(item, "label"),
        created_at=_number(item, "created_at"),
        updated_at=_number(item, "updated_at"),
        created_by=_text(item, "created_by"),
        previous=PreviousToken(_text(item, "previous_hash"), _number(item, "previous_expires_at"))
        if "previous_hash" in item
        else None,
        version=int(_number(item, "version")),
        fault=fault,
    )


def to_team_record(item: Item) -> TeamRecord:
    """The team in its *item*; one that cannot be read is switched off."""
    try:
        team = to_team(item)
    except FaultyKey:
        team = Team(_text(item, "key_hash").removeprefix(TEAM_PREFIX), disabled=True)

    return TeamRecord(
        team, _number(item, "created_at"), _number(item, "updated_at"), max(int(_number(item, "key_count")), 0)
    )


def _key_values(key: VirtualKey) -> dict[str, Value]:
    return {
        "id": key.id,
        "name": key.name,
        "team": key.team or None,
        "models": key.models,
        "expires_at": key.expires_at,
        "disabled": key.disabled,
        "admin": key.admin,
        "webhook": key.webhook or None,
        **_limit_values(key.limits),
    }


def _limit_values(limits: Limits) -> dict[str, Value]:
    return {
        "requests_per_minute": limits.requests_per_minute,
        "documents_per_minute": limits.documents_per_minute,
        "limit": None if limits.budget is None else limits.budget / NANOS_PER_USD,
        "limit_reset": limits.reset,
    }


def _text(item: Item, name: str) -> str:
    value = item.get(name, {}).get("S", "")

    return value if isinstance(value, str) else ""


def _number(item: Item, name: str) -> float:
    value = item.get(name, {}).get("N", "0")

    return float(value)
