"""`rerank-gateway webhooks`: addresses that are told when jobs and batches have ended."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.client import Request, json_of, send
from cli.commands import deliveries
from cli.commands.deliveries import WEBHOOKS, Name, address_of
from cli.output import AsJson, print_fields, print_json, print_note, print_table

app = typer.Typer(no_args_is_help=True, help="Register addresses that are told when jobs and batches have ended.")
deliveries.add_to(app)

Events = Annotated[list[str] | None, typer.Option("--event", help="A type that it gets; repeated. All, if not said.")]


@app.command()
def create(
    context: typer.Context,
    name: Name,
    url: Annotated[str, typer.Argument(help="Where messages go.")],
    event: Events = None,
    as_json: AsJson = False,
) -> None:
    """Register a webhook. Its secret is printed this once."""
    body = {"name": name, "url": url, **({"events": event} if event else {})}
    _print_issued(json_of(send(context, Request("POST", WEBHOOKS, body))), as_json)


@app.command("list")
def list_webhooks(context: typer.Context, as_json: AsJson = False) -> None:
    """List webhooks by name."""
    answer = json_of(send(context, Request("GET", WEBHOOKS)))
    if as_json:
        return print_json(answer)
    columns = ("webhook", "url", "events", "state")

    return print_table(columns, [_row(webhook) for webhook in answer["data"]])


@app.command()
def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show a webhook."""
    _print_webhook(json_of(send(context, Request("GET", address_of(name)))), as_json)


@app.command()
def update(
    context: typer.Context,
    name: Name,
    url: Annotated[str | None, typer.Option(help="Where messages go.")] = None,
    event: Events = None,
    disabled: Annotated[bool | None, typer.Option("--disable/--enable", help="Switch it off or on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change a webhook: what is not said stays as it is."""
    said = {"url": url, "events": event or None, "disabled": disabled}
    changes = {field: value for field, value in said.items() if value is not None}
    _print_webhook(json_of(send(context, Request("PATCH", address_of(name), changes))), as_json)


@app.command()
def rotate(
    context: typer.Context,
    name: Name,
    grace: Annotated[
        int | None, typer.Option(min=0, help="Seconds that the old secret signs as well; a day, if not said.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give a webhook another secret, which is printed this once."""
    body = {} if grace is None else {"grace_seconds": grace}
    _print_issued(json_of(send(context, Request("POST", f"{address_of(name)}/rotate", body))), as_json)


@app.command()
def delete(context: typer.Context, name: Name) -> None:
    """Remove a webhook, with its secrets."""
    send(context, Request("DELETE", address_of(name)))
    print_note("It is removed.")


def _state(webhook: dict[str, Any]) -> str:
    return f"disabled: {webhook['disabled_because']}" if webhook["disabled"] else "active"


def _row(webhook: dict[str, Any]) -> tuple[Any, ...]:
    return webhook["name"], webhook["url"], webhook["events"] or "all", _state(webhook)


def _print_webhook(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        return print_json(answer)
    webhook = answer["data"]

    return print_fields(
        {
            "webhook": webhook["name"],
            "url": webhook["url"],
            "events": webhook["events"] or "all",
            "state": _state(webhook),
            "made": webhook["created_at"],
            "changed": webhook["updated_at"],
        }
    )


def _print_issued(answer: dict[str, Any], as_json: bool) -> None:
    """The secret is all that goes to standard output, so that it can be handed on."""
    if as_json:
        return print_json(answer)
    print_note(f"The webhook {answer['data']['name']}, whose secret is told this once:")

    return typer.echo(answer["secret"])
