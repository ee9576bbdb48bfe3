"""Virtual keys as KeysTable has them. A record that cannot be read in full is no key: it fails closed."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from rerank_gateway.domain.errors import FaultyKey
from rerank_gateway.domain.keys import MASTER_ID, VirtualKey

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
    )


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
        case None:
            return None
        case {"N": str(number)} if isfinite(float(number)):
            return float(number)
    raise FaultyKey("expires_at")


def _disabled(item: Item) -> bool:
    """Whatever says something else than a plain false switches the key off."""
    return item.get("disabled", {"BOOL": False}) not in ({"BOOL": False}, {"NULL": True})


def _string(item: Item, name: str) -> str | None:
    match item.get(name):
        case None:
            return None
        case {"S": str(text)}:
            return text
    raise FaultyKey(name)
