"""`rerank-gateway batch`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.batches.gateway import MAX_FORM_BYTES, BatchClient, Options, pieces_of
from cli.batches.progress import watching
from cli.batches.retry import failed_ids, unanswered, write_requests
from tests.cli.conftest import ROOT, Command
from tests.local.conftest import Gateway

LINES = 60
LONG = 2_000
"""Lines of a batch that is still at work when it is interrupted."""


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    """A file of requests, the third of which fails."""
    path = tmp_path / "requests.jsonl"
    write(path, {2: "nobody/m"})

    return path


def write(path: Path, models: dict[int, str], padding: int = 0, count: int = LINES) -> None:
    body = {"query": "green apples", "documents": ["red pears", "green apples"]}
    lines = [
        {"custom_id": f"q{each}", "body": {"model": models.get(each, "local/bm25"), **body}} for each in range(count)
    ]
    path.write_text("".join(json.dumps(line) + " " * padding + "\n" for line in lines))


def ids(path: Path) -> list[str]:
    return [json.loads(line)["custom_id"] for line in path.read_text().splitlines()]


def all_but(*missing: int) -> list[str]:
    return [f"q{each}" for each in range(LINES) if each not in missing]


def state(out: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(out.with_name(out.name + ".batch.json").read_text())

    return kept


def test_a_file_becomes_a_file(command: Command, requests: Path) -> None:
    """
    Results in the order of the requests, what failed beside them, and a line for whoever looks on.
    """
    out = requests.with_name("out.jsonl")

    done = command("batch", "run", str(requests), "--out", str(out))

    assert done.code == 0, done.err
    assert (ids(out), ids(out.with_name("out.errors.jsonl"))) == (all_but(2), ["q2"])
    assert f"completed: {LINES} of {LINES} lines, 1 failed" in done.err
    assert ["cost,", "USD", "0"] in [line.split() for line in done.out.splitlines()]
    assert {"results", "failed"} <= {line.split()[0] for line in done.out.splitlines()}


@pytest.mark.parametrize("terminal", ["", "1"], ids=["lines", "bar"])
def test_whoever_looks_on_sees_what_it_has_cost(
    terminal: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    So far, in dollars: in the bar of a terminal, and in the lines elsewhere.
    """
    monkeypatch.setenv("FORCE_COLOR", terminal)
    monkeypatch.setenv("COLUMNS", "200")
    counts = {"total": 9_000, "completed": 5_000, "failed": 12}

    with watching() as watch:
        watch.show({"status": "in_progress", "request_counts": counts, "cost": 1_234.56789})

    told = capsys.readouterr().err
    assert ("in progress" in told, "in_progress: 5,012 of" in told) == (bool(terminal), not terminal)
    assert "12 failed" in told
    assert "$1,234.5679" in told


def test_what_failed_is_sent_once_more(command: Command, requests: Path) -> None:
    """
    Only that, and its results take their place among the others, where another run leaves them.
    """
    out = requests.with_name("out.jsonl")
    command("batch", "run", str(requests), "--out", str(out))
    write(requests, {})

    done = command("batch", "retry-failed", str(requests), "--out", str(out), "--json")
    again = command("batch", "retry-failed", str(requests), "--out", str(out))

    assert (done.code, done.json["request_counts"]["total"]) == (0, 1)
    assert ids(out) == all_but()
    assert not out.with_name("out.errors.jsonl").exists()
    assert sorted(path.name for path in out.parent.iterdir()) == ["out.jsonl", "out.jsonl.batch.json", "requests.jsonl"]
    assert (again.code, "Nothing has failed" in again.err) == (0, True)


def test_a_name_that_came_twice_is_not_paid_for_again(tmp_path: Path) -> None:
    """
    Whether the first line was answered or not: if not, it is among those that failed by itself.
    """
    duplicate = {"custom_id": "q1", "response": None, "error": {"code": "duplicate_custom_id", "line": 2}}
    failed = {"custom_id": "q2", "response": {"status_code": 500, "body": {}}, "error": None}
    errors = tmp_path / "errors.jsonl"
    errors.write_text("".join(json.dumps(each) + "\n" for each in (duplicate, failed, duplicate | {"custom_id": "q2"})))

    assert failed_ids(errors) == {"q2"}


def test_a_line_that_nobody_can_read_has_no_name(tmp_path: Path) -> None:
    """
    It is among those that failed, and in nobody's way.
    """
    requests, out, errors, again = (tmp_path / f"{name}.jsonl" for name in ("requests", "out", "errors", "again"))
    requests.write_text("[" * 100_000 + "\n" + '{"custom_id": "q1"}\n')
    out.write_text('{"custom_id": "q1"}\n')
    errors.write_text('{"custom_id": null}\n')

    count = write_requests(requests, unanswered(out, errors), again)

    assert (count, again.read_text()) == (1, "[" * 100_000 + "\n")


def test_a_run_that_is_done_is_not_paid_twice(command: Command, requests: Path) -> None:
    """
    The same command again shows the same batch, and changes nothing that was made of its results.
    """
    out = requests.with_name("out.jsonl")
    first = command("batch", "run", str(requests), "--out", str(out), "--json")
    out.write_text("mine\n")

    second = command("batch", "run", str(requests), "--out", str(out), "--json")

    assert second.json == first.json
    assert out.read_text() == "mine\n"


def test_a_run_goes_on_where_it_was_interrupted(gateway: Gateway, command: Command, requests: Path) -> None:
    """
    Ctrl-C leaves the batch at work, and the same command waits for the same one.
    """
    out = requests.with_name("out.jsonl")
    write(requests, {}, count=LONG)
    variables = {**os.environ, "RERANK_GATEWAY_URL": gateway.url, "RERANK_GATEWAY_KEY": "sk-local"}
    arguments = [sys.executable, "-m", "cli", "batch", "run", str(requests), "--out", str(out)]
    # A shell has what it starts in the background ignore the signal, and whoever that starts.
    heeded = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        arguments, cwd=ROOT, env=variables, stderr=subprocess.PIPE, text=True, preexec_fn=heeded
    ) as running:
        kept = out.with_name("out.jsonl.batch.json")
        while not (kept.exists() and state(out)["batch_id"]):
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate()

    done = command("batch", "run", str(requests), "--out", str(out), "--json")

    assert (running.returncode, "run the same command again" in said) == (130, True)
    assert done.json["id"] == state(out)["batch_id"]
    assert ids(out) == [f"q{each}" for each in range(LONG)]


def test_a_large_file_goes_by_an_address_of_its_own(command: Command, requests: Path) -> None:
    """
    Nobody has to know.
    """
    out = requests.with_name("out.jsonl")
    write(requests, {}, padding=MAX_FORM_BYTES // LINES)

    done = command("batch", "run", str(requests), "--out", str(out), "--json")

    assert (done.code, ids(out)) == (0, all_but())


def test_params_are_for_all_lines(command: Command, tmp_path: Path) -> None:
    """
    Where a line does not have the field.
    """
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    requests.write_text('{"custom_id": "a", "body": {"query": "green", "documents": ["red", "green"]}}\n')

    done = command("batch", "run", str(requests), "-o", str(out), "--params", '{"model": "local/bm25", "top_n": 1}')

    [row] = map(json.loads, out.read_text().splitlines())
    assert (done.code, len(row["response"]["body"]["results"])) == (0, 1)


def test_a_file_full_of_mistakes_is_refused(command: Command, tmp_path: Path) -> None:
    """
    With the numbers of the lines; mended, it begins anew.
    """
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    requests.write_text("no json\n")

    refused = command("batch", "run", str(requests), "-o", str(out))
    write(requests, {})
    mended = command("batch", "run", str(requests), "-o", str(out))

    assert (refused.code, "line 1: " in refused.err) == (7, True)
    assert (mended.code, ids(out)) == (0, all_but())


def test_what_is_mended_after_a_refusal_is_sent(command: Command, tmp_path: Path) -> None:
    """
    A line that still is no request has the batch of what failed refused; the next try sends what stands there by then.
    """
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    write(requests, {})
    lines = requests.read_text().splitlines(keepends=True)
    requests.write_text("".join([*lines[:4], "no json\n", *lines[5:]]))
    command("batch", "run", str(requests), "-o", str(out))

    refused = command("batch", "retry-failed", str(requests), "-o", str(out))
    requests.write_text("".join([*lines[:4], '"body"\n', *lines[5:]]))
    refused_anew = command("batch", "retry-failed", str(requests), "-o", str(out))

    assert (refused.code, "line 5: the line is not JSON" in refused.err) == (7, True)
    assert (refused_anew.code, "line 5: the line is not a JSON object" in refused_anew.err) == (7, True)
    assert (ids(out), out.with_name("out.errors.jsonl").exists()) == (all_but(4), True)
    assert not list(tmp_path.glob("*retry*"))


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("requests.jsonl", "requests.jsonl would be written over"),
        ("nowhere/out.jsonl", "there is no folder"),
        ("folder", "folder is a folder"),
    ],
)
@pytest.mark.parametrize("step", ["run", "retry-failed"])
def test_there_is_a_place_for_the_results(step: str, out: str, message: str, command: Command, requests: Path) -> None:
    """
    Before anything is paid, and it is not that of the requests.
    """
    requests.with_name("folder").mkdir()
    before = requests.read_text()

    done = command("batch", step, str(requests), "-o", str(requests.parent / out))

    assert (done.code, message in done.err) == (2, True), done.err
    assert requests.read_text() == before
    assert sorted(path.name for path in requests.parent.iterdir()) == ["folder", "requests.jsonl"]


def test_requests_are_not_the_file_of_errors(command: Command, requests: Path) -> None:
    """
    What failed would be written over them, or they would be removed.
    """
    moved = requests.rename(requests.with_name("out.errors.jsonl"))

    done = command("batch", "run", str(moved), "-o", str(requests.with_name("out.jsonl")))

    assert (done.code, moved.exists()) == (2, True)


def test_one_that_is_cancelled_is_no_more_being_cancelled(gateway: Gateway, command: Command, tmp_path: Path) -> None:
    """
    The command says how it is, and what was done is written.
    """
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    write(requests, {}, count=LONG)
    with httpx.Client(base_url=gateway.url, headers=gateway.authorization, trust_env=False) as client:
        sent = BatchClient(client)
        batch_id = sent.create(sent.send_file(requests, pieces_of(requests)), Options(), "once")["id"]

    first = command("batch", "cancel", batch_id)
    fetched = command("batch", "results", batch_id, "-o", str(out))
    second = command("batch", "cancel", batch_id)

    assert "It is being cancelled." in first.err
    assert (fetched.code, "the batch ended as cancelled" in fetched.err) == (7, True)
    assert "It is cancelled." in second.err


def test_batches_are_listed_shown_fetched_and_cancelled(command: Command, requests: Path) -> None:
    """
    By whoever has the key, without the file that they came from.
    """
    out = requests.with_name("out.jsonl")
    batch_id = command("batch", "run", str(requests), "-o", str(out), "--json").json["id"]

    listed = command("batch", "list", "--limit", "1")
    shown = command("batch", "status", batch_id)
    fetched = command("batch", "results", batch_id, "-o", str(out.with_name("other.jsonl")))
    cancelled = command("batch", "cancel", batch_id)

    assert batch_id in listed.out
    assert ["status", "completed"] in [line.split() for line in shown.out.splitlines()]
    assert (fetched.code, ids(out.with_name("other.jsonl"))) == (0, ids(out))
    assert "had ended before" in cancelled.err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["run", "nowhere.jsonl", "-o", "out"], 2, "nowhere.jsonl: No such file"),
        (["run", "/dev/null", "-o", "/tmp/out-of-nothing"], 2, "is empty"),
        (["run", "nowhere.jsonl", "-o", "out", "--params", "[]"], 2, "an object of JSON"),
        (["run", "nowhere.jsonl", "-o", "out", "--params", '{"top_n": NaN}'], 2, "an object of JSON"),
        (["run", "nowhere.jsonl", "-o", "out", "--params", '{"user": "\\ud800"}'], 2, "an object of JSON"),
        (["run", "nowhere.jsonl", "-o", "out", "--params", "[" * 10_000], 2, "an object of JSON"),
        (["run", "docs", "-o", "out"], 2, "docs is a folder"),
        (["retry-failed", "nowhere.jsonl", "-o", "out.jsonl"], 2, "`batch run` comes first"),
        (["status", "batch_0"], 4, "there is no such batch"),
        (["cancel", "batch_0"], 4, "there is no such batch"),
        (["results", "batch_0", "-o", "out"], 4, "there is no such batch"),
    ],
)
def test_what_cannot_be_is_told(command: Command, arguments: list[str], code: int, message: str) -> None:
    """
    In a sentence, with an exit code for scripts.
    """
    done = command("batch", *arguments)

    assert (done.code, message in done.err) == (code, True), done.err
