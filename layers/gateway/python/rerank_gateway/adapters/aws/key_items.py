"""Virtual keys as KeysTable has them. A record that cannot be read in full is no key: it fails closed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from rerank_gateway.domain.errors import FaultyKey
from rerank_gateway.domain.keys import MASTER_ID, Team, VirtualKey
from rerank_gateway.domain.spending.limits import NANOS_PER_USD, RESETS, UNLIMITED, Limits, Reset

Item = Mapping[str, Mapping[str, Any]]


def to_key(item: Item) -> VirtualKey:
    """
    The key of an *item* as docs/configuration.md describes it. Without models none is allowed; what else is left out
    has its default, but for the id. Raises FaultyKey, which names the attribute at fault.
    """
    return VirtualKey(
        id=_id(item),
        name=_string(item, "name") or "",
        models=_models(item),
        expires_at=_expires_at(item),
        disabled=_disabled(item),
        team=_string(item, "team") or "",
        limits=_limits(item),
        admin=_flag(item, "admin"),
        webhook=_string(item, "webhook") or "",
    )


def to_team(item: Item) -> Team:
    """The team of an *item*. Raises FaultyKey, which names the attribute at fault."""
    name = _string(item, "name")
    if not name:
        raise FaultyKey("name")

    return Team(name, _limits(item), _disabled(item))


def _limits(item: Item) -> Limits:
    limits = Limits(
        _count(item, "requests_per_minute"), _count(item, "documents_per_minute"), _nanos(item), _reset(item)
    )

    # When a budget begins anew is nothing to a key that has none.
    return UNLIMITED if not limits.has_rate and limits.budget is None else limits


def _count(item: Item, name: str) -> int | None:
    match item.get(name):
        case None | {"NULL": True}:
            return None
        case {"N": str(number)} if number.isascii() and number.isdigit():
            return int(number)
    raise FaultyKey(name)


def _nanos(item: Item) -> int | None:
    """The budget, which stands there in USD."""
    match item.get("limit"):
        case None | {"NULL": True}:
            return None
        case {"N": str(number)} if (nanos := _to_nanos(number)) is not None:
            return nanos
    raise FaultyKey("limit")


def _to_nanos(number: str) -> int | None:
    """Billionths of a dollar, None for what is no amount; what is less than a billionth is left out."""
    try:
        usd = Decimal(number)
    except InvalidOperation:
        return None

    return int(usd * NANOS_PER_USD) if usd.is_finite() and usd >= 0 else None


def _reset(item: Item) -> Reset | None:
    match item.get("limit_reset"):
        case None | {"NULL": True}:
            return None
        case {"S": reset} if reset in RESETS:
            return RESETS[reset]
    raise FaultyKey("limit_reset")


def _flag(item: Item, name: str) -> bool:
    """Whether it plainly says true."""
    match item.get(name):
        case None | {"NULL": True}:
            return False
        case {"BOOL": bool(value)}:
            return value
    raise FaultyKey(name)


def _id(item: Item) -> str:
    key_id = _string(item, "id")
    # Whoever may write records does not make a second master key of one.
    if not key_id or key_id == MASTER_ID:
        raise FaultyKey("id")

    return key_id


def _models(item: Item) -> tuple[str, ...]:
    """A string set or a list of strings."""
    match item.get("models"):
        case None:
            return ()
        case {"SS": [*globs]}:
            return tuple(globs)
        case {"L": [*entries]} if all(isinstance(entry.get("S"), str) for entry in entries):
            return tuple(entry["S"] for entry in entries)
    raise FaultyKey("models")


def _expires_at(item: Item) -> float | None:
    match item.get("expires_at"):
        case None | {"NULL": True}:
            return None
        case {"N": str(number)} if isfinite(float(number)):
            return float(number)
    raise FaultyKey("expires_at")


def _disabled(item: Item) -> bool:
    """Whatever says something else than a plain false switches the key off."""
    return item.get("disabled", {"BOOL": False}) not in ({"BOOL": False}, {"NULL": True})


def _string(item: Item, name: str) -> str | None:
    match item.get(name):
        case None | {"NULL": True}:
            return None
        case {"S": str(text)}:
            return text
    raise FaultyKey(name)
