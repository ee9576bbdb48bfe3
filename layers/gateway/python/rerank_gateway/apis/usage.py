"""Reports of usage, `GET /v1/usage`: as JSON, or as CSV for spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rerank_gateway.apis.shared.bifrost_error import render_error
from rerank_gateway.domain.management.report import UsageReport, UsageRow
from rerank_gateway.domain.spending.limits import to_usd

__all__ = ["render_csv", "render_error", "render_report"]

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet calculates what begins with one of these, and callers name models as they like."""
AMOUNTS = ("requests", "documents", "cost")


def render_report(report: UsageReport, days: tuple[str, str], groups: Sequence[str]) -> dict[str, Any]:
    first, last = days

    return {
        "object": "list",
        "from": first,
        "to": last,
        "group_by": list(groups),
        "data": [_named(row, groups, report) | _amounts(row) for row in report.rows],
        "total": _amounts(report.total),
    }


def render_csv(report: UsageReport, groups: Sequence[str]) -> bytes:
    from csv import writer
    from io import StringIO

    text = StringIO()
    table = writer(text)
    names = [column for group in groups for column in ((group, "key_name") if group == "key" else (group,))]
    table.writerow([*names, *AMOUNTS])
    for row in report.rows:
        table.writerow([*map(_cell, _named(row, groups, report).values()), *_amounts(row).values()])

    return text.getvalue().encode()


def _named(row: UsageRow, groups: Sequence[str], report: UsageReport) -> dict[str, Any]:
    named = {}
    for group, value in zip(groups, row.group, strict=True):
        named[group] = value
        if group == "key":
            named["key_name"] = report.names.get(value, "")

    return named


def _amounts(row: UsageRow) -> dict[str, Any]:
    """*cost* is in USD."""
    return {"requests": row.requests, "documents": row.documents, "cost": to_usd(row.cost)}


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
