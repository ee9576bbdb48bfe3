"""Keys that are JSON objects, or the paths of files with one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic_core import from_json

from rerank_gateway.domain.errors import TargetRejectedKey


def is_json_key(key: str) -> bool:
    return key.startswith(("{", "/")) or key.endswith(".json")


def strings_of(key: str, *names: str) -> dict[str, Any]:
    """The object in *key* or in its file, in which *names* are strings. Raises TargetRejectedKey, without a quote."""
    try:
        account = from_json(key if key.startswith("{") else Path(key).read_bytes())
    except (OSError, ValueError):
        raise TargetRejectedKey("the gateway's key for this provider cannot be read") from None
    if not isinstance(account, dict) or not all(isinstance(account.get(name), str) for name in names):
        raise TargetRejectedKey(f"the gateway's key for this provider has to hold {', '.join(names)}")

    return account
