"""Which requests that went well have a whole line in the log, where the operator pays for a share of them only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

if TYPE_CHECKING:
    from rerank_gateway.domain.attempt import Attempt

SLOW_MS = 2_000
"""From which on an operator wants to know why."""
NAMES = ("trace_id", "job", "request_id")
"""By the first of them that a line has, it is drawn: all lines of a trace are whole, or none."""
KEPT = frozenset((*NAMES, "key", "team", "cost", "BudgetUsed"))
"""What a brief line says beside its metrics: who and how much, which are summed up over all lines."""


def has_whole_line(fields: Mapping[str, Any], attempts: Sequence[Attempt], share: float) -> bool:
    """
    Whether a line with *fields* says all there is to say. What failed, was slow, degraded or tried in vain at first
    always does, and of all else a *share*.
    """
    if share >= 1.0:
        return True
    if fields["status"] >= 400 or fields["ms"] >= SLOW_MS or "degraded" in fields:
        return True
    if any(attempt.error or attempt.skipped for attempt in attempts):
        return True
    name = next((fields[name] for name in NAMES if name in fields), "")

    return crc32(str(name).encode("utf-8", "replace")) < share * 2**32


def brief(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of *fields* stands in a line that is not whole."""
    return {name: value for name, value in fields.items() if name in KEPT}
