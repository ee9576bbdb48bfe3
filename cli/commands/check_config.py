"""`rerank-gateway check-config`: the one command that asks no gateway, so that CI can run it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import CommandError, ExitCode
from cli.output import AsJson, print_json, print_note

if TYPE_CHECKING:
    from rerank_gateway.entry.wiring.config_report import ConfigReport

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A configuration, as TOML.", metavar="FILE")]


def add_to(app: typer.Typer) -> None:
    app.command()(check_config)


def check_config(file: File, as_json: AsJson = False) -> None:
    """Tell every mistake in a configuration, with its place. The exit code is 0 where there is none."""
    # The other commands know nothing of the gateway but its address, and need not wait until it is loaded.
    from rerank_gateway.entry.wiring.config_report import ConfigReport

    try:
        report = ConfigReport.of(file.read_text("utf-8"), os.environ)
    except UnicodeDecodeError:
        raise CommandError(f"{file} is not a text in UTF-8", ExitCode.USAGE) from None
    if as_json:
        print_json({"faults": [{"line": line, "message": text} for line, text in report.faults], "notes": report.notes})
    else:
        _print(file, report)
    if report.faults:
        raise typer.Exit(ExitCode.CONFIGURATION)


def _print(file: Path, report: ConfigReport) -> None:
    for line, message in report.faults:
        typer.echo(f"{file}:{line}: {message}")
    for note in report.notes:
        print_note(f"Note: {note}")
    if not report.faults:
        typer.echo(f"{file}: no mistakes")
