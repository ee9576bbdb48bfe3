"""The keys that there are, which of them is meant, and how they are shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import typer

from cli.client import Request, json_of, send
from cli.errors import CommandError, ExitCode
from cli.limits import budget

KEYS = "/api/v1/keys"
HASH_CHARS = 64
SHORT_HASH_CHARS = 12
"""As many as tell keys apart."""
COLUMNS = ("hash", "name", "team", "models", "limit", "left", "spent", "state")
EVERY = {"include_disabled": "true", "include_expired": "true"}


def all_keys(context: typer.Context, team: str | None = None) -> list[dict[str, Any]]:
    """Every key, or every one of a *team*, page by page."""
    keys: list[dict[str, Any]] = []
    after = None
    while True:
        page = json_of(send(context, Request("GET", KEYS, params={**EVERY, "team": team, "after": after})))
        keys += page["data"]
        after = page["next"]
        if after is None:
            return keys


def address_of(context: typer.Context, key_hash: str) -> str:
    """
    Where the key is whose hash, or the one before, begins like that. Raises CommandError unless there is just one.
    """
    if len(key_hash) == HASH_CHARS:
        return f"{KEYS}/{key_hash}"
    found = [each for key in all_keys(context) for each in _hashes(key) if each.startswith(key_hash)]
    if len(found) != 1:
        told = f"{len(found)} keys have" if found else "no key has"
        raise CommandError(f"{told} a hash that begins with {key_hash!r}", ExitCode.REFUSED)

    return f"{KEYS}/{found[0]}"


def _hashes(key: dict[str, Any]) -> list[str]:
    return [key["hash"], *([key["previous"]["hash"]] if key["previous"] else [])]


def row(key: dict[str, Any]) -> tuple[Any, ...]:
    """*key* under COLUMNS."""
    short, left, spent = key["hash"][:SHORT_HASH_CHARS], key["limit_remaining"], key["usage"]

    return short, key["name"], key["team"], key["models"], budget(key), left, spent, _state(key)


def shown_fields(key: dict[str, Any]) -> dict[str, Any]:
    """All there is to say about *key*, for people."""
    return {
        "hash": key["hash"],
        "id": key["id"],
        "name": key["name"],
        "secret": key["label"],
        "team": key["team"],
        "models": key["models"],
        "requests per minute": key["requests_per_minute"],
        "documents per minute": key["documents_per_minute"],
        "limit": budget(key),
        "left": key["limit_remaining"],
        "spent": key["usage"],
        "webhook": key["webhook"],
        "admin": key["admin"],
        "state": _state(key),
        "secret before": key["previous"] and f"good until {key['previous']['expires_at']}",
        "made": key["created_at"],
        "changed": key["updated_at"],
    }


def _state(key: dict[str, Any]) -> str:
    """Whether it can be used, for people."""
    if "fault" in key:
        return f"faulty: {key['fault']}"
    if key["disabled"]:
        return "disabled"
    ends = key["expires_at"]
    if ends is None:
        return "active"
    is_over = datetime.fromisoformat(ends) <= datetime.now(UTC)

    return f"expired {ends[:10]}" if is_over else f"until {ends[:10]}"
