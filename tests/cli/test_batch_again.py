"""`rerank-gateway batch` where something came in between: a crash, a second run, a full disk, another question."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from cli.batches.gateway import BatchClient
from cli.batches.lines import lines
from cli.batches.retry import merge_results, take_over, unanswered, write_requests
from cli.batches.run import errors_beside, fetch_results
from cli.batches.state import State, StateFile
from cli.errors import CommandError
from tests.cli.conftest import ROOT, Command
from tests.local.conftest import Gateway
from tests.upstream import says, upstream

BODY = {"model": "local/bm25", "query": "green apples", "documents": ["red pears", "green apples"]}


class Undying(type(Path())):  # type: ignore[misc]  # whichever of the two kinds this system has
    """A file during whose removal the command is killed."""

    def unlink(self, missing_ok: bool = False) -> None:
        raise KeyboardInterrupt


@pytest.fixture
def requests(tmp_path: Path) -> Path:
    return write(tmp_path / "requests.jsonl", *(line(f"q{each}") for each in range(40)))


def break_off(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf")
    connection.shutdown(socket.SHUT_RDWR)


def line(name: str, **more: object) -> str:
    return json.dumps({"custom_id": name, "body": BODY | more})


def write(path: Path, *lines_of_it: str) -> Path:
    path.write_text("".join(f"{each}\n" for each in lines_of_it))

    return path


def names(path: Path) -> list[str]:
    return [name for name, _ in lines(path)]


def test_a_line_that_could_not_be_read_is_sent_when_it_is_mended(command: Command, requests: Path) -> None:
    """
    The gateway could not say its name, so it is the one of which nothing was told.
    """
    out, good = requests.with_name("out.jsonl"), requests.read_text().splitlines()
    write(requests, *good, line("mended")[:-1])
    command("batch", "run", str(requests), "-o", str(out))
    write(requests, *good, line("mended"))

    done = command("batch", "retry-failed", str(requests), "-o", str(out), "--json")

    assert (done.code, done.json["request_counts"]["total"]) == (0, 1), done.err
    assert names(out) == names(requests)
    assert not errors_beside(out).exists()


def test_a_name_that_came_twice_is_not_sent_beside_one_without_a_name(tmp_path: Path) -> None:
    """
    It is among those that were told of.
    """
    out = write(tmp_path / "out.jsonl", line("q1"))
    duplicate = json.dumps({"custom_id": "q1", "error": {"code": "duplicate_custom_id"}})
    errors = write(tmp_path / "errors.jsonl", duplicate, '{"custom_id": null}')

    wanted = unanswered(out, errors)

    assert [name for name in ("q1", "q2", "") if name in wanted] == ["q2", ""]


def test_a_name_that_comes_twice_among_what_failed_is_sent_once(tmp_path: Path) -> None:
    """
    The first time, as its batch had it; of a few lines a second one would have all of them refused.
    """
    first, again = line("q1"), tmp_path / "again.jsonl"
    requests = write(tmp_path / "requests.jsonl", first, "no json", line("q1", top_n=1), "no json either")

    count = write_requests(requests, frozenset(("q1", "")), again)

    assert (count, again.read_text().splitlines()) == (3, [first, "no json", "no json either"])


def test_results_that_the_requests_do_not_know_stay(tmp_path: Path) -> None:
    """
    They are paid for, and somebody may have sent only what failed, out of a file of its own.
    """
    requests = write(tmp_path / "failed.jsonl", line("q2"))
    out = write(tmp_path / "out.jsonl", line("q1"), line("q3"))
    retried = write(tmp_path / "retried.jsonl", line("q2"))

    for _ in range(2):
        merge_results(requests, out, retried)

    assert names(out) == ["q2", "q1", "q3"]


def test_what_failed_twice_is_told_whenever_the_command_is_killed(tmp_path: Path) -> None:
    """
    Also between what becomes of the results and what becomes of the errors.
    """
    requests = write(tmp_path / "requests.jsonl", line("q1"), line("q2"), line("q3"))
    out, retried = write(tmp_path / "out.jsonl", line("q1")), write(tmp_path / "out.retry.jsonl", line("q2"))
    write(errors_beside(out), line("q2"), line("q3"))
    write(errors_beside(retried), line("q3"))

    with pytest.raises(KeyboardInterrupt):
        take_over(requests, out, Undying(retried))
    take_over(requests, out, retried)

    assert (names(out), names(errors_beside(out))) == (["q1", "q2"], ["q3"])


def test_a_line_whose_name_came_twice_stays_told_until_it_has_one_of_its_own(command: Command, requests: Path) -> None:
    """
    What is not sent once more is not forgotten, and what is mended is sent.
    """
    out, good = requests.with_name("out.jsonl"), requests.read_text().splitlines()
    write(requests, *good, line("q1"), line("failed", model="nobody/m"))
    command("batch", "run", str(requests), "-o", str(out))
    write(requests, *good, line("q1"), line("failed"))

    command("batch", "retry-failed", str(requests), "-o", str(out))
    left = names(errors_beside(out))
    write(requests, *good, line("renamed"), line("failed"))
    done = command("batch", "retry-failed", str(requests), "-o", str(out), "--json")

    assert left == ["q1"]
    assert (done.code, done.json["request_counts"]["total"]) == (0, 1), done.err
    assert names(out) == names(requests)
    assert not errors_beside(out).exists()


def test_other_params_are_another_batch(command: Command, requests: Path) -> None:
    """
    Nobody takes results for those of a question that was never asked.
    """
    out = requests.with_name("out.jsonl")
    first = command("batch", "run", str(requests), "-o", str(out), "--json")

    second = command("batch", "run", str(requests), "-o", str(out), "--json", "--params", '{"top_n": 1}')

    assert (second.code, second.json["id"] != first.json["id"]) == (0, True), second.err


def test_the_same_gateway_is_the_same_with_a_slash_behind_it(
    gateway: Gateway, command: Command, requests: Path
) -> None:
    """
    Nothing is paid twice for one.
    """
    out = requests.with_name("out.jsonl")
    first = command("batch", "run", str(requests), "-o", str(out), "--json", RERANK_GATEWAY_URL=f"{gateway.url}/")

    second = command("batch", "run", str(requests), "-o", str(out), "--json")

    assert second.json["id"] == first.json["id"], second.err


def test_a_batch_that_is_gone_does_not_stand_in_the_way(command: Command, requests: Path) -> None:
    """
    A week later other requests have its results written over; for the same ones it is said what to do.
    """
    out = requests.with_name("out.jsonl")
    command("batch", "run", str(requests), "-o", str(out))
    kept = StateFile.beside(out)
    kept.path.write_text(kept.path.read_text().replace('"batch_id": "', '"batch_id": "no_'))

    same = command("batch", "run", str(requests), "-o", str(out))
    write(requests, line("other"))
    other = command("batch", "run", str(requests), "-o", str(out))

    assert (same.code, f"is not there any more: remove {kept.path}" in same.err) == (2, True), same.err
    assert (other.code, names(out)) == (0, ["other"]), other.err


def test_a_file_that_is_gone_is_sent_once_more(command: Command, requests: Path) -> None:
    """
    Whoever was interrupted before there was a batch may come back when what was sent has expired.
    """
    out = requests.with_name("out.jsonl")
    command("batch", "run", str(requests), "-o", str(out))
    kept = StateFile.beside(out)
    state = kept.read()
    assert state
    kept.remove()
    kept.write(State(state.url, state.size, state.modified, file_id="file-0"))

    done = command("batch", "run", str(requests), "-o", str(out))

    assert (done.code, names(out)) == (0, names(requests)), done.err


def test_two_runs_at_once_have_one_batch(tmp_path: Path) -> None:
    """
    Whoever is later goes on with what the other one has kept, and takes nothing of it back.
    """
    kept = StateFile(tmp_path / "out.jsonl.batch.json")
    state = kept.write(State("http://gateway", 1, 1))

    first = kept.write(kept.write(state, file_id="file-1"), batch_id="batch_1")
    second = kept.write(state, file_id="file-2")

    assert second == first == kept.read()
    assert [path.name for path in tmp_path.iterdir()] == [kept.path.name]


def test_a_full_disk_is_told_and_leaves_nothing_behind(gateway: Gateway, command: Command, requests: Path) -> None:
    """
    In one line. The next run fetches the results where there is room.
    """
    out = requests.with_name("out.jsonl")
    variables = {**os.environ, "RERANK_GATEWAY_URL": gateway.url, "RERANK_GATEWAY_KEY": "sk-local"}
    arguments = [sys.executable, "-m", "cli", "batch", "run", str(requests), "-o", str(out)]
    full = subprocess.run(
        arguments,
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    left = sorted(path.name for path in out.parent.iterdir())

    done = command("batch", "run", str(requests), "-o", str(out))

    assert (full.returncode, "Error: [Errno 27] File too large" in full.stderr) == (2, True), full.stderr
    assert "Traceback" not in full.stderr
    assert left == ["out.jsonl.batch.json", "requests.jsonl"]
    assert (done.code, names(out)) == (0, names(requests))


def test_what_no_header_and_no_form_can_carry_is_told(command: Command, requests: Path) -> None:
    """
    The name of a file may be anything, that of a webhook may not.
    """
    odd = requests.rename(requests.with_name("caf\udce9.jsonl"))
    out = requests.with_name("out.jsonl")

    done = command("batch", "run", str(odd), "-o", str(out))
    refused = command("batch", "run", str(odd), "-o", str(out.with_name("other.jsonl")), "--webhook", "é")

    assert (done.code, len(names(out))) == (0, 40), done.err
    assert (refused.code, "'é' cannot be sent" in refused.err) == (2, True), refused.err


def test_results_are_fetched_although_the_gateway_stumbles(tmp_path: Path) -> None:
    """
    Nobody has waited for hours to have a command end for a moment's failure; one that stays is told.
    """
    out = tmp_path / "out.jsonl"
    batch = {"output_file_id": "file-1", "error_file_id": "file-2"}
    turns = (says({}, 503), says("results"), break_off, says("errors"))
    with upstream(*turns) as gateway, httpx.Client(base_url=gateway.url, trust_env=False) as client:
        fetch_results(BatchClient(client), batch, out)

    assert (out.read_text(), errors_beside(out).read_text()) == ('"results"', '"errors"')


def test_results_that_are_gone_are_asked_for_once(tmp_path: Path) -> None:
    """
    Their time is over, and that does not pass.
    """
    batch = {"output_file_id": "file-1", "error_file_id": None}
    with upstream(says({}, 404)) as gateway, httpx.Client(base_url=gateway.url, trust_env=False) as client:
        with pytest.raises(CommandError):
            fetch_results(BatchClient(client), batch, tmp_path / "out.jsonl")

        assert len(gateway.questions) == 1
