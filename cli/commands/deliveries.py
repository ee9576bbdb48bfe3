"""`rerank-gateway webhooks`: what was delivered, what is delivered once more, and tests."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.client import Request, json_of, send
from cli.output import AsJson, print_json, print_note, print_table

WEBHOOKS = "/v1/webhooks"

Name = Annotated[str, typer.Argument(help="The webhook's name.")]


def add_to(app: typer.Typer) -> None:
    app.command("test")(send_test)
    app.command("deliveries")(list_deliveries)
    app.command()(redeliver)


def address_of(name: str) -> str:
    return f"{WEBHOOKS}/{quote(name, safe='')}"


def send_test(context: typer.Context, name: Name, as_json: AsJson = False) -> None:
    """Send a message of the type `webhook.test`."""
    answer = json_of(send(context, Request("POST", f"{address_of(name)}/test")))
    if as_json:
        return print_json(answer)

    return print_note(f"It is on its way: see `rerank-gateway webhooks deliveries {name}`.")


def list_deliveries(
    context: typer.Context,
    name: Name,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    after: Annotated[str | None, typer.Option(help="The delivery to go on after.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what was delivered to a webhook, and what is to be, the newest first."""
    request = Request("GET", f"{address_of(name)}/deliveries", params={"limit": limit, "after": after})
    answer = json_of(send(context, request))
    if as_json:
        return print_json(answer)
    columns = ("delivery", "type", "subject", "status", "tries", "last", "next")

    return print_table(columns, [_row(each) for each in answer["data"]])


def redeliver(
    context: typer.Context,
    name: Name,
    delivery: Annotated[str, typer.Argument(help="The delivery's id.")],
    as_json: AsJson = False,
) -> None:
    """Have something delivered once more."""
    path = f"{address_of(name)}/deliveries/{quote(delivery, safe='')}/redeliver"
    answer = json_of(send(context, Request("POST", path)))
    if as_json:
        return print_json(answer)

    return print_note("It is on its way.")


def _row(each: dict[str, Any]) -> tuple[Any, ...]:
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
