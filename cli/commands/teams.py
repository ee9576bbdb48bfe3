"""`rerank-gateway teams`: limits over several keys together."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.client import Request, json_of, send
from cli.limits import Documents, Limit, Requests, Reset, budget, limits_of
from cli.output import AsJson, print_fields, print_json, print_note, print_table

TEAMS = "/api/v1/teams"

app = typer.Typer(no_args_is_help=True, help="Make, list, change and remove teams, which limit keys together.")

Name = Annotated[str, typer.Argument(help="The team's name.")]


@app.command()
def create(
    context: typer.Context,
    name: Name,
    requests: Requests = None,
    documents: Documents = None,
    limit: Limit = None,
    limit_reset: Reset = None,
    as_json: AsJson = False,
) -> None:
    """Make a team."""
    body = {"name": name, **limits_of(requests, documents, limit, limit_reset)}
    _print_team(json_of(send(context, Request("POST", TEAMS, body))), as_json)


@app.command("list")
def list_teams(context: typer.Context, as_json: AsJson = False) -> None:
    """List teams by name."""
    answer = json_of(send(context, Request("GET", TEAMS)))
    if as_json:
        return print_json(answer)
    columns = ("team", "keys", "limit", "left", "spent", "state")

    return print_table(columns, [_row(team) for team in answer["data"]])


@app.command()
def show(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Show a team, and what its keys have spent."""
    _print_team(json_of(send(context, Request("GET", _address(name)))), as_json)


@app.command()
def update(
    context: typer.Context,
    name: Name,
    requests: Requests = None,
    documents: Documents = None,
    limit: Limit = None,
    limit_reset: Reset = None,
    disabled: Annotated[
        bool | None, typer.Option("--disable/--enable", help="Switch all of its keys off or on.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Change a team: what is not said stays as it is."""
    changes = limits_of(requests, documents, limit, limit_reset)
    changes |= {} if disabled is None else {"disabled": disabled}
    _print_team(json_of(send(context, Request("PATCH", _address(name), changes))), as_json)


@app.command()
def remove(context: typer.Context, name: Name) -> None:
    """Remove a team that has no keys."""
    send(context, Request("DELETE", _address(name)))
    print_note("It is removed.")


def _address(name: str) -> str:
    return f"{TEAMS}/{quote(name, safe='')}"


def _row(team: dict[str, Any]) -> tuple[Any, ...]:
    return team["name"], team["keys"], budget(team), team["limit_remaining"], team["usage"], _state(team)


def _state(team: dict[str, Any]) -> str:
    return "disabled" if team["disabled"] else "active"


def _print_team(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        return print_json(answer)
    team = answer["data"]

    return print_fields(
        {
            "team": team["name"],
            "keys": team["keys"],
            "requests per minute": team["requests_per_minute"],
            "documents per minute": team["documents_per_minute"],
            "limit": budget(team),
            "left": team["limit_remaining"],
            "spent": team["usage"],
            "state": _state(team),
            "made": team["created_at"],
            "changed": team["updated_at"],
        }
    )
