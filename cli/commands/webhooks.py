"""`rerank-gateway webhooks`: addresses that are told when jobs have ended."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.client import Request, json_of, send
from cli.output import AsJson, print_fields, print_json, print_note, print_table

WEBHOOKS = "/v1/webhooks"

app = typer.Typer(no_args_is_help=True, help="Register addresses that are told when jobs have ended.")

Name = Annotated[str, typer.Argument(help="The webhook's name.")]
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
    _print_webhook(json_of(send(context, Request("GET", _address(name)))), as_json)


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
    _print_webhook(json_of(send(context, Request("PATCH", _address(name), changes))), as_json)


@app.command("test")
def send_test(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Send a message of the type `webhook.test`."""
    answer = json_of(send(context, Request("POST", f"{_address(name)}/test")))
    if as_json:
        return print_json(answer)

    return print_note(f"It is on its way: see `rerank-gateway webhooks deliveries {name}`.")


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
    _print_issued(json_of(send(context, Request("POST", f"{_address(name)}/rotate", body))), as_json)


@app.command()
def delete(context: typer.Context, name: Name) -> None:
    """Remove a webhook, with its secrets."""
    send(context, Request("DELETE", _address(name)))
    print_note("It is removed.")


@app.command()
def deliveries(
    context: typer.Context,
    name: Name,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    after: Annotated[str | None, typer.Option(help="The delivery to go on after.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was delivered to a webhook, and what is to be, the newest first."""
    request = Request("GET", f"{_address(name)}/deliveries", params={"limit": limit, "after": after})
    answer = json_of(send(context, request))
    if as_json:
        return print_json(answer)
    columns = ("delivery", "type", "subject", "status", "tries", "last", "next")

    return print_table(columns, [_delivery_row(each) for each in answer["data"]])


@app.command()
def redeliver(
    context: typer.Context,
    name: Name,
    delivery: Annotated[str, typer.Argument(help="The delivery's id.")],
    as_json: AsJson = False,
) -> None:
    """Have something delivered once more."""
    path = f"{_address(name)}/deliveries/{quote(delivery, safe='')}/redeliver"
    answer = json_of(send(context, Request("POST", path)))
    if as_json:
        return print_json(answer)

    return print_note("It is on its way.")


def _address(name: str) -> str:
    return f"{WEBHOOKS}/{quote(name, safe='')}"


def _state(webhook: dict[str, Any]) -> str:
    return f"disabled: {webhook['disabled_because']}" if webhook["disabled"] else "active"


def _row(webhook: dict[str, Any]) -> tuple[Any, ...]:
    return webhook["name"], webhook["url"], webhook["events"] or "all", _state(webhook)


def _delivery_row(each: dict[str, Any]) -> tuple[Any, ...]:
    last = each["attempts"][-1] if each["attempts"] else {}
    came = last.get("status_code") or last.get("error")

    return (
        each["id"],
        each["type"],
        each["subject"],
        each["status"],
        len(each["attempts"]),
        came,
        each["next_attempt_at"],
    )


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
