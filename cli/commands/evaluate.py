"""`rerank-gateway evaluate`: which model is best for these queries."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from cli.batches.gateway import BatchClient
from cli.client import open_client
from cli.errors import CommandError, ExitCode
from cli.evaluation.answers import AnswerFile
from cli.evaluation.asking import Asking, Spending
from cli.evaluation.batch_asking import BatchAsking
from cli.evaluation.datasets import Source, read_collection
from cli.evaluation.evaluator import Plan, run_evaluation
from cli.evaluation.gateway import ask
from cli.evaluation.measures import DEFAULT_MEASURES, parse_measures
from cli.evaluation.page import write_page
from cli.evaluation.report import print_results, write_files
from cli.evaluation.sample import write_sample
from cli.output import print_note


class DataFirst(TyperGroup):
    """`evaluate DATA` is `evaluate data DATA`: a folder that is called like a command is written ./sample."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = {*self.commands, "--help"}

        return super().parse_args(ctx, args if not args or args[0] in known else ["data", *args])


app = typer.Typer(cls=DataFirst, no_args_is_help=True, help="Find out which model is best for your data.")

Data = Annotated[Path, typer.Argument(help="A BEIR folder, or a JSONL file of query, documents and relevant.")]
Models = Annotated[str, typer.Option("--models", "-m", help="Models and aliases, with commas between.")]
Baseline = Annotated[str, typer.Option(help="What the others are compared with; the first of the models.")]
Candidates = Annotated[int, typer.Option(min=1, help="Documents to rank for a query; local/bm25 finds them.")]
Run = Annotated[Path | None, typer.Option(help="A TREC run with the candidates.")]
Qrels = Annotated[Path | None, typer.Option(help="Judgements, where the folder has none or others.")]
Measures = Annotated[str, typer.Option(help="Any of ir-measures'; models are compared by the first.")]
Parallel = Annotated[int, typer.Option(min=1, max=64, help="Questions at a time.")]
MaxCost = Annotated[float | None, typer.Option(min=0, help="USD that may be spent from now on.")]
Out = Annotated[Path, typer.Option(help="Where answers, runs and reports go.")]
AsBatch = Annotated[bool, typer.Option("--batch", help="Ask as batches, a file for each model, and wait for them.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only so many queries, the first.")]


@app.command("data")
def evaluate(
    context: typer.Context,
    data: Data,
    models: Models,
    baseline: Baseline = "",
    candidates: Candidates = 100,
    run: Run = None,
    qrels: Qrels = None,
    measures: Measures = DEFAULT_MEASURES,
    parallel: Parallel = 4,
    max_cost: MaxCost = None,
    out: Out = Path("evaluation"),
    limit: Limit = None,
    as_batch: AsBatch = False,
) -> None:
    """Ask models the queries in DATA and compare them. Run it again, and it goes on where it was interrupted."""
    names = list(dict.fromkeys(filter(None, (name.strip() for name in models.split(",")))))
    if not names or (baseline and baseline not in names):
        raise CommandError("--models names the models, the baseline among them", ExitCode.USAGE)
    parsed = parse_measures(measures)
    collection = read_collection(Source(data, qrels, run)).judged(limit)
    out.mkdir(parents=True, exist_ok=True)
    with open_client(context.find_root().obj) as client:
        kept = AnswerFile(out / "answers.jsonl")
        asking = Asking(partial(ask, client), kept, parallel, Spending(max_cost))
        if as_batch:
            asking = BatchAsking.of(asking, BatchClient(client), context.find_root().obj.url, out / "batches")
        plan = Plan(names, baseline or names[0], candidates, parsed)
        evaluation = run_evaluation(client, collection, plan, asking)
    write_files(evaluation, out)
    write_page(evaluation, out / "report.html")
    print_results(evaluation)
    print_note(f"Written: {out}/report.html, report.json and runs")


@app.command("sample")
def sample(folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")]) -> None:
    """Write the Cranfield collection, 1,400 abstracts and 225 judged queries, as an example."""
    write_sample(folder)
    print_note(f"Written: {folder}. Now: rerank-gateway evaluate {folder} --models local/bm25,MODEL")
