"""`rerank-gateway usage`: who used how much."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.client import Request, json_of, send
from cli.output import AsJson, print_json, print_table

USAGE = "/v1/usage"
AMOUNTS = ("requests", "documents", "cost")

First = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="The first day, in UTC; of the month, if not said.")
]
Last = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day; today, if not said.")]
Groups = Annotated[str, typer.Option("--by", help="Some of day, team, key and model, with commas between them.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print it for a spreadsheet.")]


def add_to(app: typer.Typer) -> None:
    app.command()(usage)


def usage(
    context: typer.Context,
    first: First = None,
    last: Last = None,
    by: Groups = "team,key",
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> None:
    """Tell who used how much. A key that may not manage others sees its own usage."""
    params = {"from": first, "to": last, "group_by": by}
    if as_csv:
        report = send(context, Request("GET", USAGE, params=params, headers={"accept": "text/csv"}))
        return typer.echo(report.text, nl=False)
    answer = json_of(send(context, Request("GET", USAGE, params=params)))
    if as_json:
        return print_json(answer)
    # A key is told by its name; its id is for scripts.
    groups = ["key_name" if group == "key" else group for group in answer["group_by"]]
    rows = [[row[name] or "-" for name in groups] + [row[name] for name in AMOUNTS] for row in answer["data"]]
    total = ["" for _ in groups] + [answer["total"][name] for name in AMOUNTS]

    return print_table([*("key" if name == "key_name" else name for name in groups), *AMOUNTS], [*rows, total])
