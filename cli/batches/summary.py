"""How a batch is, and what its results come to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.batches.gateway import Batch
from cli.batches.run import errors_beside
from cli.errors import CommandError, ExitCode
from cli.output import print_fields, print_json

COLUMNS = ("id", "status", "lines", "completed", "failed", "cost, USD", "created")


def tell(batch: Batch, out: Path, as_json: bool) -> None:
    """Print what came of *batch*."""
    if as_json:
        print_json(batch)
    else:
        errors = errors_beside(out)
        print_fields(
            {
                **_fields(batch),
                "results": out if out.exists() else None,
                "what failed": errors if errors.exists() else None,
            }
        )


def must_be_completed(batch: Batch, numbers: Mapping[int, int] | None = None) -> None:
    """Raise CommandError unless *batch* is; its lines have other *numbers* where they were taken from another file."""
    if batch["status"] != "completed":
        raise CommandError(_why(batch, numbers), ExitCode.JOB_FAILED)


def show(batch: Batch, as_json: bool) -> None:
    if as_json:
        return print_json(batch)

    return print_fields(_fields(batch))


def _fields(batch: Batch) -> dict[str, Any]:
    counts = batch["request_counts"]

    return {
        "batch": batch["id"],
        "status": batch["status"],
        "lines": counts["total"],
        "completed": counts["completed"],
        "failed": counts["failed"],
        "cost, USD": batch["cost"],
        "created": _moment(batch["created_at"]),
        "until": _moment(batch["expires_at"]),
    }


def _why(batch: Batch, numbers: Mapping[int, int] | None) -> str:
    errors = (batch["errors"] or {}).get("data", [])
    told = [(numbers.get(each["line"]) if numbers else each["line"], each["message"]) for each in errors[:10]]
    lines = [f"line {number}: {message}" if number else message for number, message in told]

    return "\n  ".join([f"the batch ended as {batch['status']}", *lines])


def row_of(batch: Batch) -> tuple[Any, ...]:
    counts = batch["request_counts"]

    return (
        batch["id"],
        batch["status"],
        counts["total"],
        counts["completed"],
        counts["failed"],
        batch["cost"],
        _moment(batch["created_at"]),
    )


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
