"""`rerank-gateway keys`: who may call, and how much."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.client import Request, json_of, send
from cli.key_list import COLUMNS, KEYS, address_of, all_keys, row, shown_fields
from cli.limits import NONE, Documents, Limit, Requests, Reset, limits_of, moment
from cli.output import AsJson, print_fields, print_json, print_note, print_table

app = typer.Typer(no_args_is_help=True, help="Make, list, change, rotate and revoke keys.")

Hash = Annotated[str, typer.Argument(help="The key's hash, or as much of its beginning as no other key has.")]
Name = Annotated[str | None, typer.Option(help="What people call it.")]
Webhook = Annotated[str | None, typer.Option(help="The webhook that its jobs and batches tell, or none.")]
Team = Annotated[str | None, typer.Option(help="The team that it belongs to, or none.")]
Models = Annotated[list[str] | None, typer.Option("--model", "-m", help="A glob over models. Can be repeated.")]
Expires = Annotated[
    str | None,
    typer.Option("--expires", metavar="TIME", help="When it ends: 2027-01-01, a time with its zone, or none."),
]


@app.command()
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What people call it.")],
    team: Team = None,
    model: Models = None,
    requests: Requests = None,
    documents: Documents = None,
    limit: Limit = None,
    limit_reset: Reset = None,
    expires: Expires = None,
    webhook: Webhook = None,
    admin: Annotated[bool, typer.Option("--admin", help="It may manage keys.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a key. Its secret is printed this once."""
    limits = limits_of(requests, documents, limit, limit_reset)
    said = {"name": name, "team": team, "models": model, "admin": admin, "webhook": webhook}
    said |= {"expires_at": expires and moment(expires)}
    body = {field: value for field, value in {**said, **limits}.items() if value}
    _print_issued(json_of(send(context, Request("POST", KEYS, body))), as_json)


@app.command("list")
def list_keys(
    context: typer.Context,
    team: Annotated[str | None, typer.Option(help="Only the keys of this team.")] = None,
    as_json: AsJson = False,
) -> None:
    """List keys, the oldest first, those that are switched off or over among them."""
    keys = all_keys(context, team)
    if as_json:
        return print_json({"data": keys})

    return print_table(COLUMNS, [row(key) for key in keys])


@app.command()
def show(context: typer.Context, key_hash: Hash, as_json: AsJson = False) -> None:
    """Show a key, and what it has spent."""
    _print_key(json_of(send(context, Request("GET", address_of(context, key_hash)))), as_json)


@app.command()
def update(
    context: typer.Context,
    key_hash: Hash,
    name: Name = None,
    team: Team = None,
    model: Models = None,
    requests: Requests = None,
    documents: Documents = None,
    limit: Limit = None,
    limit_reset: Reset = None,
    expires: Expires = None,
    webhook: Webhook = None,
    disabled: Annotated[bool | None, typer.Option("--disable/--enable", help="Switch it off or on.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change a key: what is not said stays as it is."""
    changes = limits_of(requests, documents, limit, limit_reset)
    said = {"name": name, "models": model or None, "disabled": disabled}
    changes |= {field: value for field, value in said.items() if value is not None}
    removable = {"team": team, "webhook": webhook}
    changes |= {field: None if value == NONE else value for field, value in removable.items() if value is not None}
    changes |= {} if expires is None else {"expires_at": moment(expires)}
    _print_key(json_of(send(context, Request("PATCH", address_of(context, key_hash), changes))), as_json)


@app.command()
def rotate(
    context: typer.Context,
    key_hash: Hash,
    grace: Annotated[
        int | None, typer.Option(min=0, help="Seconds that the old secret stays good; a day, if not said.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give a key another secret, which is printed this once."""
    body = {} if grace is None else {"grace_seconds": grace}
    request = Request("POST", f"{address_of(context, key_hash)}/rotate", body)
    _print_issued(json_of(send(context, request)), as_json)


@app.command()
def revoke(context: typer.Context, key_hash: Hash) -> None:
    """Remove a key, with all of its secrets. It is refused everywhere within a minute."""
    send(context, Request("DELETE", address_of(context, key_hash)))
    print_note("It is revoked.")


def _print_key(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        return print_json(answer)

    return print_fields(shown_fields(answer["data"]))


def _print_issued(answer: dict[str, Any], as_json: bool) -> None:
    """The secret is all that goes to standard output, so that it can be handed on."""
    if as_json:
        return print_json(answer)
    print_note(f"The key {answer['data']['hash']}, whose secret is told this once:")

    return typer.echo(answer["key"])
