"""What is printed: tables for people, JSON for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.errors import CommandError

UNBOUNDED_WIDTH = 500
"""Columns of a table that goes to a file or to another command: nothing is cut off for them."""

AsJson = Annotated[bool, typer.Option("--json", help="Print what the gateway answered, for scripts.")]


def print_json(content: Any) -> None:
    typer.echo(json.dumps(content, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """*rows* under *columns*; numbers to the right, None as nothing."""
    rows = [list(row) for row in rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, name in enumerate(columns):
        numbers = rows and all(isinstance(row[place], int | float | None) for row in rows)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    _console().print(table)


def print_fields(fields: Mapping[str, Any]) -> None:
    """One thing, a line each of its *fields* that have a value."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in fields.items():
        if value is not None:
            table.add_row(name, _cell(value))
    _console().print(table)


def print_note(text: str) -> None:
    """Something for the person, which is not what was asked for."""
    typer.echo(text, err=True)


def print_error(error: CommandError) -> None:
    print_note(f"Error: {error.message}")


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else UNBOUNDED_WIDTH)


def _cell(value: Any) -> Text:
    """As it is: rich would take what stands in brackets for its own."""
    match value:
        case None:
            return Text("")
        case bool():
            return Text("yes" if value else "no")
        case float():
            return Text(f"{value:.6f}".rstrip("0").rstrip("."))
        case list() | tuple():
            return Text(", ".join(map(str, value)))

    return Text(str(value))
