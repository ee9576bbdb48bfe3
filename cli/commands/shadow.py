"""`rerank-gateway shadow`: what second models would have answered to live requests."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.client import Request, json_of, send
from cli.output import AsJson, print_json, print_note, print_table

app = typer.Typer(no_args_is_help=True, help="See what second models would have answered.")

SHADOW = "/v1/shadow"
COLUMNS = ("day", "alias", "model", "shadow", "compared", "failed")
AGREEMENT = ("RBO", "overlap@10", "top changed")
SIDES = ("p50 ms", "p95 ms", "USD / 1,000")

First = Annotated[
    str | None, typer.Option("--from", metavar="DAY", help="The first day, in UTC; of the month, if not said.")
]
Last = Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last day; today, if not said.")]


@app.command("report")
def report(context: typer.Context, first: First = None, last: Last = None, as_json: AsJson = False) -> None:
    """Compare models with their shadows, day by day: agreement, latency, cost. For keys that may manage others."""
    answer = json_of(send(context, Request("GET", SHADOW, params={"from": first, "to": last})))
    if as_json:
        return print_json(answer)
    if not answer["data"]:
        return print_note(f"No shadow was asked from {answer['from']} to {answer['to']}")
    sides = [f"{side} {name}" for name in SIDES for side in ("model", "shadow")]
    rows = [_row(row["day"], row) for row in answer["data"]] + [_row("all", row) for row in answer["total"]]

    return print_table([*COLUMNS, *AGREEMENT, *sides], rows)


def _row(day: str, row: dict[str, Any]) -> list[Any]:
    """Both sides of a figure stand beside each other."""
    shares = [None if row[name] is None else f"{row[name]:.0%}" for name in ("overlap_at_10", "top_changed")]
    figures = [row[f"{side}_{name}"] for name in ("p50_ms", "p95_ms", "cost_per_1000") for side in ("model", "shadow")]
    cells = [day, *(row[name] for name in COLUMNS[1:]), row["rbo"], *shares, *figures]

    return ["-" if cell is None else cell for cell in cells]
