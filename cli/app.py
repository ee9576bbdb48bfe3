"""The command, and what all of its commands have in common: where the gateway is, and with which key."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from cli.client import Address
from cli.commands import batch, check_config, evaluate, jobs, keys, models, rerank, shadow, teams, usage, webhooks
from cli.errors import CommandError, ExitCode
from cli.output import print_error

EPILOG = (
    "Exit codes: 0 done, 1 the gateway failed, 2 a wrong option or argument, 3 the gateway cannot be reached, "
    "4 it refused the request, 5 it refused the key, 6 a rate or a budget is used up, 7 the job or batch failed, "
    "8 the job has not ended in time, 9 there are mistakes in the configuration."
)

app = typer.Typer(
    name="rerank-gateway",
    no_args_is_help=True,
    add_completion=False,
    epilog=EPILOG,
    # What goes wrong can have the key among its variables.
    pretty_exceptions_enable=False,
)
rerank.add_to(app)
models.add_to(app)
check_config.add_to(app)
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(jobs.app, name="jobs")
app.add_typer(batch.app, name="batch")
app.add_typer(keys.app, name="keys")
app.add_typer(teams.app, name="teams")
app.add_typer(webhooks.app, name="webhooks")
usage.add_to(app)
app.add_typer(shadow.app, name="shadow")


@app.callback()
def connect(
    context: typer.Context,
    url: Annotated[str, typer.Option(envvar="RERANK_GATEWAY_URL", help="The gateway's base URL.")] = "",
    key: Annotated[str, typer.Option(envvar="RERANK_GATEWAY_KEY", help="Your key.", show_default=False)] = "",
) -> None:
    """Use a rerank gateway: rank documents, work with jobs, manage keys, teams and webhooks, see who used how much."""
    # One gateway has one address: what goes on after an interruption is known by it.
    context.obj = Address(url.rstrip("/"), key)


@app.command("version")
def show_version() -> None:
    """Print the version of this command."""
    typer.echo(version("rerank-gateway"))


def main() -> None:
    try:
        app()
    except (CommandError, OSError, UnicodeEncodeError) as error:
        told = _told(error)
        print_error(told)
        raise SystemExit(told.exit_code) from None


def _told(error: CommandError | OSError | UnicodeEncodeError) -> CommandError:
    """What ends a command, for whoever reads it: a file that cannot be read, a disk that is full, what is no text."""
    match error:
        case CommandError():
            return error
        case UnicodeEncodeError():
            return CommandError(f"{error.object[error.start : error.end]!r} cannot be sent there", ExitCode.USAGE)

    return CommandError(f"{error.filename}: {error.strerror}" if error.filename else str(error), ExitCode.USAGE)
