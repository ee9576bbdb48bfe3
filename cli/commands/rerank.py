"""`rerank-gateway rerank`: one request."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.client import Request, json_of, send
from cli.documents import read_documents
from cli.output import AsJson, print_json, print_table

MAX_SHOWN_CHARS = 100

Query = Annotated[str, typer.Argument(help="What the documents are ranked by.")]
Documents = Annotated[
    str, typer.Argument(help="A file: a JSON list, an object a line, or a text a line. - is standard input.")
]
Model = Annotated[str, typer.Option("--model", "-m", help="provider/model or an alias.")]
TopN = Annotated[int | None, typer.Option("--top-n", "-n", min=1, help="How many results; all, if not said.")]
Fallbacks = Annotated[list[str] | None, typer.Option("--fallback", help="A model to ask then. Can be repeated.")]


def add_to(app: typer.Typer) -> None:
    app.command()(rerank)


def rerank(
    context: typer.Context,
    query: Query,
    documents: Documents = "-",
    model: Model = "default",
    top_n: TopN = None,
    fallback: Fallbacks = None,
    as_json: AsJson = False,
) -> None:
    """Rank documents by relevance to a query."""
    body = rerank_body(query, documents, model, top_n, fallback)
    answer = json_of(send(context, Request("POST", "/v1/rerank", body)))
    if as_json:
        return print_json(answer)

    return print_ranking(answer, body["documents"])


def rerank_body(
    query: str, documents: str, model: str, top_n: int | None, fallbacks: list[str] | None
) -> dict[str, Any]:
    """What is sent. Raises CommandError where there are no *documents*."""
    body = {"model": model, "query": query, "documents": read_documents(documents)}

    return body | {name: value for name, value in (("top_n", top_n), ("fallbacks", fallbacks)) if value}


def print_ranking(answer: dict[str, Any], documents: list[Any] | None = None) -> None:
    """The results in *answer*, best first, with the beginnings of the *documents* where they are at hand."""
    columns = ("score", "index") + (("document",) if documents else ())
    rows = [
        (row["relevance_score"], row["index"], *((_beginning(documents[row["index"]]),) if documents else ()))
        for row in answer["results"]
    ]
    print_table(columns, rows)


def _beginning(document: Any) -> str:
    text = str(document.get("text", document) if isinstance(document, dict) else document)

    return text if len(text) <= MAX_SHOWN_CHARS else f"{text[:MAX_SHOWN_CHARS]}…"
