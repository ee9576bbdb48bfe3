"""`rerank-gateway jobs`: requests that are done later."""

from __future__ import annotations

from math import ceil
from time import monotonic
from typing import Annotated, Any
from urllib.parse import quote

import typer

from cli.client import Request, json_of, send
from cli.commands.rerank import Documents, Fallbacks, Model, Query, TopN, print_ranking, rerank_body
from cli.errors import CommandError, ExitCode
from cli.output import AsJson, print_json, print_note, print_table

JOBS = "/v1/async/rerank"
MAX_POLL_S = 20
"""Seconds that the gateway lets a poll wait."""

app = typer.Typer(no_args_is_help=True, help="Submit requests that are done later, and fetch what came of them.")

JobId = Annotated[str, typer.Argument(help="The job's id.")]
Timeout = Annotated[float, typer.Option(min=0, help="Seconds to wait.")]


@app.command()
def submit(
    context: typer.Context,
    query: Query,
    documents: Documents = "-",
    model: Model = "default",
    top_n: TopN = None,
    fallback: Fallbacks = None,
    idempotency_key: Annotated[str | None, typer.Option(help="Two submissions with the same one are one job.")] = None,
    result_ttl: Annotated[int | None, typer.Option(min=1, help="Seconds that the result is kept.")] = None,
    webhook: Annotated[str | None, typer.Option(help="The webhook that is told when it has ended.")] = None,
    as_json: AsJson = False,
) -> None:
    """Submit a job; its id is printed."""
    headers = {"idempotency-key": idempotency_key, "x-bf-async-job-result-ttl": result_ttl}
    given = {name: str(value) for name, value in headers.items() if value is not None}
    given |= {} if webhook is None else {"x-bf-async-webhook": webhook}
    body = rerank_body(query, documents, model, top_n, fallback)
    job = json_of(send(context, Request("POST", JOBS, body, headers=given)))
    if as_json:
        print_json(job)
    else:
        typer.echo(job["id"])


@app.command()
def wait(context: typer.Context, job_id: JobId, timeout: Timeout = 300.0, as_json: AsJson = False) -> None:
    """Wait for a job to end, and print its result."""
    until = monotonic() + timeout
    job = _poll(context, job_id, timeout)
    while "status_code" not in job and monotonic() < until:
        job = _poll(context, job_id, until - monotonic())
    _tell(job, as_json)


@app.command("list")
def list_jobs(
    context: typer.Context,
    status: Annotated[str | None, typer.Option(help="Only those that are so, such as `failed`.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 20,
    after: Annotated[str | None, typer.Option(help="The job to go on after.")] = None,
    as_json: AsJson = False,
) -> None:
    """List your key's jobs, the newest first."""
    answer = json_of(send(context, Request("GET", JOBS, params={"status": status, "limit": limit, "after": after})))
    if as_json:
        return print_json(answer)
    columns = ("id", "status", "status_code", "model", "created_at", "completed_at")
    print_table(columns, [[job.get(column) for column in columns] for job in answer["data"]])

    return print_note(f"There are more: --after {answer['last_id']}") if answer["has_more"] else None


@app.command()
def cancel(context: typer.Context, job_id: JobId, as_json: AsJson = False) -> None:
    """Cancel a job, unless it has ended."""
    job = json_of(send(context, Request("DELETE", f"{JOBS}/{quote(job_id, safe='')}")))
    if as_json:
        return print_json(job)

    return print_note("It is cancelled." if job["status"] == "failed" else "It had ended before.")


def _poll(context: typer.Context, job_id: str, seconds: float) -> dict[str, Any]:
    wait_s = min(ceil(max(seconds, 0)), MAX_POLL_S)
    answer: dict[str, Any] = json_of(
        send(context, Request("GET", f"{JOBS}/{quote(job_id, safe='')}", params={"wait": wait_s}))
    )

    return answer


def _tell(job: dict[str, Any], as_json: bool) -> None:
    """Print what came of *job*. Raises CommandError unless it is completed."""
    if as_json:
        print_json(job)
    if "status_code" not in job:
        raise CommandError("the job has not ended yet", ExitCode.JOB_LATE)
    if job["status"] == "failed":
        raise CommandError(f"the job failed: {job['error']['message']}", ExitCode.JOB_FAILED)
    if not as_json:
        print_ranking(job["result"])
