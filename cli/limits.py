"""What options say of limits, as the gateway takes it."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer

from cli.errors import CommandError, ExitCode

NONE = "none"
"""What takes a limit away."""
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Requests = Annotated[str | None, typer.Option("--requests-per-minute", metavar="N", help="How many, or none.")]
Documents = Annotated[str | None, typer.Option("--documents-per-minute", metavar="N", help="How many, or none.")]
Limit = Annotated[str | None, typer.Option(metavar="USD", help="What may be spent, or none.")]
Reset = Annotated[
    str | None, typer.Option(metavar="PERIOD", help="When that begins anew: daily, weekly, monthly, or none.")
]


def limits_of(requests: str | None, documents: str | None, limit: str | None, reset: str | None) -> dict[str, Any]:
    """The fields of those that are said; None is for what is taken away. Raises CommandError."""
    said = {
        "requests_per_minute": _number(requests, "--requests-per-minute"),
        "documents_per_minute": _number(documents, "--documents-per-minute"),
        "limit": _number(limit, "--limit"),
        "limit_reset": reset,
    }

    return {field: None if value == NONE else value for field, value in said.items() if value is not None}


def moment(said: str) -> str | None:
    """A day is its first moment, in UTC."""
    if said == NONE:
        return None

    return f"{said}T00:00:00Z" if DAY.fullmatch(said) else said


def budget(thing: dict[str, Any]) -> str | None:
    """The limit of a key or a team, for people."""
    if thing["limit"] is None:
        return None

    return f"{thing['limit']:g} {thing['limit_reset'] or 'in all'}"


def _number(said: str | None, option: str) -> float | str | None:
    if said is None or said == NONE:
        return said
    try:
        number = float(said)
    except ValueError:
        raise CommandError(f"{option} takes a number, or none", ExitCode.USAGE) from None

    return int(number) if number.is_integer() else number
