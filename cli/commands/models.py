"""`rerank-gateway models`."""

from __future__ import annotations

from typing import Any

import typer

from cli.client import Request, json_of, send
from cli.output import AsJson, print_json, print_table


def add_to(app: typer.Typer) -> None:
    app.command()(models)


def models(context: typer.Context, as_json: AsJson = False) -> None:
    """List the models that your key may ask for."""
    answer = json_of(send(context, Request("GET", "/v1/models")))
    if as_json:
        return print_json(answer)

    return print_table(
        ("model", "targets", "takes", "per search", "per million tokens"), [_row(model) for model in answer["data"]]
    )


def _row(model: dict[str, Any]) -> tuple[Any, ...]:
    pricing = model.get("pricing") or {}

    return (
        model["id"],
        model.get("targets"),
        model["input_modalities"],
        pricing.get("per_search"),
        pricing.get("per_million_tokens"),
    )
