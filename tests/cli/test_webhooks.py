"""`rerank-gateway webhooks` against `make run`: from the first secret to a delivery by command."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from standardwebhooks import Webhook

from cli.errors import ExitCode
from tests.cli.conftest import Command
from tests.upstream import Upstream, says, upstream

TEXTS = "red pears\ngreen apples\n"


def until(receiver: Upstream, questions: int) -> None:
    """Until *receiver* was asked so often. `make run` delivers as Lambda does."""
    end = monotonic() + 30
    while len(receiver.questions) < questions:
        assert monotonic() < end, "nothing came"
        sleep(0.1)


def ended(command: Command, name: str, status: str) -> dict[str, Any]:
    """The newest delivery, as soon as it has this *status*."""
    end = monotonic() + 30
    while True:
        newest: dict[str, Any] = command("webhooks", "deliveries", name, "--json").json["data"][0]
        if newest["status"] == status:
            return newest
        assert monotonic() < end, newest
        sleep(0.2)


def test_a_job_tells_and_an_operator_sees(command: Command) -> None:
    """
    What is registered, delivered, turned off by the receiver, switched on and delivered once more.
    """
    with upstream(says({}), says({}, status=410), says({})) as receiver:
        made = command("webhooks", "create", "orders", f"{receiver.url}/hooks")
        command("jobs", "submit", "green apples", "-m", "local/bm25", "--webhook", "orders", said=TEXTS)
        until(receiver, 1)
        ended(command, "orders", "delivered")
        command("webhooks", "test", "orders")
        failed = ended(command, "orders", "failed")
        listed = command("webhooks", "list").out
        command("webhooks", "update", "orders", "--enable")
        again = command("webhooks", "redeliver", "orders", failed["id"])
        ended(command, "orders", "delivered")

    [first, _, last] = receiver.questions
    secret = made.out.strip()
    assert (made.code, again.code) == (0, 0)
    assert Webhook(secret).verify(first.body, first.headers)["type"] == "async_job.completed"
    assert Webhook(secret).verify(last.body, last.headers)["type"] == "webhook.test"
    assert "disabled: the receiver answered 410" in listed
    assert failed["id"] in command("webhooks", "deliveries", "orders").out


def test_a_batch_tells_the_one_that_is_named(command: Command, tmp_path: Path) -> None:
    """
    One that is unknown is refused, and named right it is the same run; what is sent once more may name one, too.
    """
    requests, out = tmp_path / "requests.jsonl", tmp_path / "out.jsonl"
    requests.write_text('{"custom_id": "q", "body": {"model": "nobody/m", "query": "q", "documents": ["d"]}}\n')
    run = ("batch", "run", str(requests), "--out", str(out))
    with upstream(says({})) as receiver:
        command("webhooks", "create", "nightly", receiver.url)
        refused = command(*run, "--webhook", "daily")
        told = command(*run, "--webhook", "nightly", "--json").json
        until(receiver, 1)
        retried = command("batch", "retry-failed", *run[2:], "--webhook", "nightly", "--json").json
        until(receiver, 2)

    assert (refused.code, "there is no 'daily'" in refused.err) == (ExitCode.REFUSED, True)
    assert [json.loads(each.body)["data"]["id"] for each in receiver.questions] == [told["id"], retried["id"]]


def test_a_webhook_is_shown_rotated_and_removed(command: Command) -> None:
    """
    A new secret is all that is printed; a key can have the webhook for its own.
    """
    command("webhooks", "create", "bills", "https://receiver.example/", "--event", "async_job.failed")
    shown = command("webhooks", "show", "bills").out
    rotated = command("webhooks", "rotate", "bills", "--grace", "60")
    key = command("keys", "create", "bookkeeping", "--webhook", "bills", "--json").json["data"]
    without = command("keys", "update", key["hash"], "--webhook", "none", "--json").json["data"]

    removed = command("webhooks", "delete", "bills")

    assert "async_job.failed" in shown
    assert rotated.out.startswith("whsec_")
    assert (key["webhook"], without["webhook"]) == ("bills", None)
    assert removed.code == 0
    assert command("webhooks", "show", "bills").code == ExitCode.REFUSED
