"""OpenAI's lists, which go on after the last one that was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def render_list(rows: Sequence[Mapping[str, Any]], more: bool) -> dict[str, Any]:
    """*rows* that each have an id, and whether there are *more* behind them."""
    ids = [row["id"] for row in rows]

    return {
        "object": "list",
        "data": list(rows),
        "first_id": ids[0] if ids else None,
        "last_id": ids[-1] if ids else None,
        "has_more": more,
    }
