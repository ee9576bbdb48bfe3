"""Keys that are more than a word: a JSON object, or the path of a file that holds one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic_core import from_json

from rerank_gateway.domain.errors import TargetRejectedKey


def is_json_key(key: str) -> bool:
    return key.startswith(("{", "/")) or key.endswith(".json")


def strings_of(key: str, *names: str) -> dict[str, Any]:
    """The object that *key* is or leads to, in which *names* are strings. Raises TargetRejectedKey, without a quote."""
    try:
        held = from_json(key if key.startswith("{") else Path(key).read_bytes())
    except (OSError, ValueError):
        raise TargetRejectedKey("the gateway's key for this provider cannot be read") from None
    if not isinstance(held, dict) or not all(isinstance(held.get(name), str) for name in names):
        raise TargetRejectedKey(f"the gateway's key for this provider has to hold {', '.join(names)}")

    return held
