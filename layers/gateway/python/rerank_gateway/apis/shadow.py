"""What shadows would have answered, `GET /v1/shadow`."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.bifrost_error import render_error
from rerank_gateway.domain.shadows.counts import Counts, cost_per_1000, latency, mean
from rerank_gateway.domain.shadows.question import Pair
from rerank_gateway.domain.shadows.report import ShadowReport

__all__ = ["render_error", "render_report"]

SIDES = ("model", "shadow")


def render_report(report: ShadowReport, days: tuple[str, str]) -> dict[str, Any]:
    first, last = days

    return {
        "object": "list",
        "from": first,
        "to": last,
        "data": [{"day": day} | _row(pair, counts) for day, pair, counts in report.days],
        "total": [_row(pair, counts) for pair, counts in report.totals],
    }


def _row(pair: Pair, counts: Counts) -> dict[str, Any]:
    """Shares are between 0 and 1, costs in USD; null is what nobody knows."""
    return {
        **pair._asdict(),
        "compared": counts.get("compared", 0),
        "failed": counts.get("failed", 0),
        "rbo": _rounded(mean(counts, "rbo"), 4),
        "overlap_at_10": _rounded(mean(counts, "overlap"), 4),
        "top_changed": _rounded(mean(counts, "top changed"), 4),
        **{name: value for side in SIDES for name, value in _side(counts, side).items()},
    }


def _side(counts: Counts, side: str) -> dict[str, float | None]:
    return {
        f"{side}_p50_ms": _rounded(latency(counts, side, 0.5), 1),
        f"{side}_p95_ms": _rounded(latency(counts, side, 0.95), 1),
        f"{side}_cost_per_1000": _rounded(cost_per_1000(counts, side), 6),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
