"""`rerank-gateway batch`: a file of requests in, a file of results out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.batches.gateway import Batch, BatchClient, Options
from cli.batches.interruption import told_if_interrupted
from cli.batches.lines import numbers_in
from cli.batches.places import require_earlier_run, require_place
from cli.batches.retry import take_over, unanswered, write_requests
from cli.batches.run import Run, errors_beside, fetch_results, wait_for
from cli.batches.state import StateFile
from cli.batches.summary import COLUMNS, must_be_completed, row_of, show, tell
from cli.client import open_client
from cli.errors import CommandError, ExitCode
from cli.output import AsJson, print_json, print_note, print_table

SAID_OF_CANCELLED = {"cancelling": "It is being cancelled.", "cancelled": "It is cancelled."}

app = typer.Typer(no_args_is_help=True, help="Rank a file of requests as one batch, and fetch what came of it.")

Requests = Annotated[Path, typer.Argument(help="A line of JSON each: custom_id, and the request as body.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Where the results go; what failed goes beside it.")]
Window = Annotated[str, typer.Option(help="Until when it is worked on, in hours: 1h to 24h.")]
Params = Annotated[str, typer.Option(help='JSON for the bodies that do not have it, such as {"model": "default"}.')]
Webhook = Annotated[str | None, typer.Option(help="The webhook that is told when it has ended.")]
BatchId = Annotated[str, typer.Argument(help="The batch's id.")]


@app.command()
def run(
    context: typer.Context,
    requests: Requests,
    out: Out,
    window: Window = "24h",
    params: Params = "",
    webhook: Webhook = None,
    as_json: AsJson = False,
) -> None:
    """Send REQUESTS, wait, and write the results. Run it again, and it goes on where it was interrupted."""
    require_place(out, requests)
    batch = _ended(context, requests, out, Options(window, _parsed(params), webhook))
    tell(batch, out, as_json)
    must_be_completed(batch)


@app.command("retry-failed")
def retry_failed(
    context: typer.Context,
    requests: Requests,
    out: Out,
    window: Window = "24h",
    params: Params = "",
    webhook: Webhook = None,
    as_json: AsJson = False,
) -> None:
    """Send the lines of REQUESTS that failed once more, and put their results among those in OUT."""
    require_place(out, requests)
    require_earlier_run(out)
    again = out.with_name(f"{out.stem}.retry-requests{out.suffix}")
    retried = out.with_name(f"{out.stem}.retry{out.suffix}")
    if not again.exists() and not write_requests(requests, unanswered(out, errors_beside(out)), again):
        again.unlink()
        return print_note(f"Nothing has failed: {errors_beside(out)} has no line of {requests}.")
    batch = _ended(context, again, retried, Options(window, _parsed(params), webhook))
    if batch["status"] != "failed":
        take_over(requests, out, retried)
    numbers = None if batch["status"] == "completed" else numbers_in(requests, again)
    # Also of one that was refused: whoever mends the requests wants those sent.
    again.unlink()
    StateFile.beside(retried).remove()
    tell(batch, out, as_json)

    return must_be_completed(batch, numbers)


@app.command()
def status(context: typer.Context, batch_id: BatchId, as_json: AsJson = False) -> None:
    """See how a batch is doing."""
    with _client(context) as client:
        show(client.show(batch_id), as_json)


@app.command()
def results(context: typer.Context, batch_id: BatchId, out: Out, as_json: AsJson = False) -> None:
    """Wait for a batch, whoever made it, and write its results."""
    require_place(out)
    with _client(context) as client:
        batch = wait_for(client, batch_id)
        fetch_results(client, batch, out)
    tell(batch, out, as_json)
    must_be_completed(batch)


@app.command()
def cancel(context: typer.Context, batch_id: BatchId, as_json: AsJson = False) -> None:
    """Have a batch end soon; what was done until then is delivered."""
    with _client(context) as client:
        batch = client.cancel(batch_id)
    if as_json:
        return print_json(batch)

    return print_note(SAID_OF_CANCELLED.get(batch["status"], "It had ended before."))


@app.command("list")
def list_batches(
    context: typer.Context, limit: Annotated[int, typer.Option(min=1, max=100)] = 20, as_json: AsJson = False
) -> None:
    """List your batches, the newest first."""
    with _client(context) as client:
        answer = client.newest(limit)
    if as_json:
        return print_json(answer)

    return print_table(COLUMNS, [row_of(batch) for batch in answer["data"]])


def _ended(context: typer.Context, requests: Path, out: Path, options: Options) -> Batch:
    """The batch of *requests* when its results are in *out*."""
    with _client(context) as client:
        work = Run(client, context.find_root().obj.url, requests, out, options)
        with told_if_interrupted(work.kept):
            return work()


@contextmanager
def _client(context: typer.Context) -> Iterator[BatchClient]:
    with open_client(context.find_root().obj) as client:
        yield BatchClient(client)


def _parsed(params: str) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        parsed = json.loads(params or "{}")
        # Python reads more than there is: NaN, and half a character.
        json.dumps(parsed, ensure_ascii=False, allow_nan=False).encode()
        if isinstance(parsed, dict):
            return parsed

    raise CommandError("--params must be an object of JSON", ExitCode.USAGE)
