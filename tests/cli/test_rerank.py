"""`rerank-gateway rerank`, `models` and `jobs`."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic

import pytest

from tests.cli.conftest import Command

TEXTS = "red pears\ngreen apples\n\nan apple\n"
OBJECTS = '{"text": "red pears"}\n{"text": "green apples", "id": 7}\n'


def test_documents_are_ranked_a_line_each(command: Command) -> None:
    """
    The best first, with its score, its place among those that came in, and its text.
    """
    done = command("rerank", "green apples", "--model", "local/bm25", said=TEXTS)

    assert done.code == 0
    heads, best, *_ = [line.split() for line in done.out.splitlines()]
    assert heads == ["score", "index", "document"]
    assert best[1:] == ["1", "green", "apples"]


@pytest.mark.parametrize(
    "said", [TEXTS, json.dumps(["red pears", "green apples", "an apple"]), OBJECTS], ids=["texts", "list", "objects"]
)
def test_documents_come_in_three_forms(command: Command, said: str, tmp_path: Path) -> None:
    """
    A text a line, a list as JSON, and an object a line; out of a file as from standard input.
    """
    file = tmp_path / "documents"
    file.write_text(said)

    done = command("rerank", "green apples", str(file), "-n", "1", "--json")

    assert [row["index"] for row in done.json["results"]] == [1]
    assert done.json["model"] == "bm25"


def test_a_fallback_answers(command: Command) -> None:
    """
    Without a key for Cohere, the second model does.
    """
    done = command("rerank", "a", "-m", "cohere/rerank-v3.5", "--fallback", "local/bm25", "--json", said="a\nb\n")

    assert [attempt["target"] for attempt in done.json["extra_fields"]["attempts"]][-1] == "local/bm25"


def test_brackets_in_a_document_are_shown_as_they_are(command: Command) -> None:
    """
    A document is no markup.
    """
    assert "[red]apples[/nothing]" in command("rerank", "apples", said="[red]apples[/nothing]\n").out


def test_models_are_listed(command: Command) -> None:
    """
    What the key may ask for, as a table and as the gateway said it.
    """
    shown, told = command("models"), command("models", "--json").json

    assert told["object"] == "list"
    assert {line.split()[0] for line in shown.out.splitlines()[1:] if line[0] != " "} == {
        model["id"] for model in told["data"]
    }


def test_a_job_is_submitted_and_waited_for(command: Command) -> None:
    """
    Its id is all that is printed, so that it can be handed on; two submissions with one key are one job.
    """
    ids = [command("jobs", "submit", "green apples", "--idempotency-key", "k", said=TEXTS).out for _ in range(2)]

    done = command("jobs", "wait", ids[0].strip())

    assert ids[0] == ids[1]
    assert done.code == 0
    assert done.out.splitlines()[1].split()[1] == "1"


def test_a_job_that_failed_says_so(command: Command) -> None:
    """
    By its error's words and by the exit code.
    """
    submitted = command("jobs", "submit", "green apples", "-m", "cohere/rerank-v3.5", said=TEXTS)
    done = command("jobs", "cancel", "no-such-job")

    assert (submitted.code, submitted.out) == (4, "")
    assert "COHERE_API_KEY" in submitted.err
    assert (done.code, done.out) == (4, "")


def test_a_job_that_has_ended_is_too_late_to_cancel(command: Command) -> None:
    """
    The person is told which of the two it was.
    """
    job = command("jobs", "submit", "green apples", said=TEXTS).out.strip()
    command("jobs", "wait", job)

    done = command("jobs", "cancel", job)

    assert (done.code, done.err) == (0, "It had ended before.\n")


def test_nothing_to_rank_is_not_sent(command: Command) -> None:
    """
    An empty file, and one that is not there, are told by name.
    """
    empty, missing = command("rerank", "a", said="\n"), command("rerank", "a", "/no/such/file")

    assert (empty.code, missing.code) == (2, 2)
    assert "no documents" in empty.err
    assert "/no/such/file cannot be read" in missing.err


def test_waiting_for_an_unknown_job_ends_at_once(command: Command) -> None:
    """
    Nobody waits five minutes for what does not exist.
    """
    started = monotonic()

    done = command("jobs", "wait", "no/such job")

    assert done.code == 4
    assert monotonic() - started < 10
