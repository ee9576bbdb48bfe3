"""`rerank-gateway keys`, `teams` and `usage`: from the first key to the report, as an operator types it."""

from __future__ import annotations

import csv
import io

import pytest

from cli.errors import ExitCode
from tests.cli.conftest import Command

TEXTS = "red pears\ngreen apples\n"


def make(command: Command, *options: str) -> tuple[str, str]:
    """A key with these options: its hash and its secret."""
    issued = command("keys", "create", *options, "--json").json

    return issued["data"]["hash"], issued["key"]


def test_a_secret_is_all_that_is_printed(command: Command) -> None:
    """
    So that it can be handed on; the key ranks, and may not manage.
    """
    done = command("keys", "create", "search, production", "--model", "local/*")

    secret = done.out.strip()
    assert done.code == 0
    assert "told this once" in done.err
    ranked = command("rerank", "apples", "-m", "local/bm25", said=TEXTS, RERANK_GATEWAY_KEY=secret)
    refused = command("keys", "list", RERANK_GATEWAY_KEY=secret)
    assert (ranked.code, refused.code) == (0, ExitCode.KEY_REFUSED)
    assert secret not in command("keys", "list", "--json").out


def test_a_key_is_shown_changed_and_listed(command: Command) -> None:
    """
    By as much of its hash as tells it from others; what is not said of it stays.
    """
    command("webhooks", "create", "orders", "http://127.0.0.1:9/")
    key_hash, _ = make(command, "before", "--limit", "5", "--limit-reset", "daily", "--expires", "2099-01-01")

    changed = command(
        "keys",
        "update",
        key_hash[:12],
        "--limit",
        "7.5",
        "--expires",
        "none",
        "--disable",
        "--webhook",
        "orders",
        "--json",
    ).json
    shown = command("keys", "show", key_hash[:12]).out
    listed = [line for line in command("keys", "list").out.splitlines() if key_hash[:12] in line]

    data = changed["data"]
    assert (data["limit"], data["limit_reset"], data["expires_at"], data["disabled"]) == (7.5, "daily", None, True)
    assert "7.5 daily" in shown
    assert ["webhook", "orders"] in [line.split() for line in shown.splitlines()]
    assert listed[0].split()[1] == "before"
    assert listed[0].split()[-1] == "disabled"


def test_a_key_is_rotated_and_revoked(command: Command) -> None:
    """
    It has another secret then, and in the end none.
    """
    key_hash, secret = make(command, "a key")

    rotated = command("keys", "rotate", key_hash, "--grace", "0").out.strip()
    revoked = command("keys", "revoke", key_hash)
    again = command("keys", "revoke", command("keys", "list", "--json").json["data"][-1]["hash"])

    assert rotated.startswith("sk-rg-")
    assert rotated != secret
    assert (revoked.code, again.code) == (ExitCode.REFUSED, 0)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("keys", "show", "nonsense"), ExitCode.REFUSED, "no key has a hash that begins with 'nonsense'"),
        (("keys", "create", "a", "--limit", "much"), ExitCode.USAGE, "--limit takes a number, or none"),
        (("keys", "create", "a", "--limit-reset", "hourly"), ExitCode.REFUSED, "limit_reset must be"),
        (("keys", "create", "a", "--team", "nobody"), ExitCode.REFUSED, "there is no team 'nobody'"),
        (("keys", "create", "a", "--expires", "soon"), ExitCode.REFUSED, "expires_at must be a time"),
        (("teams", "show", "nobody"), ExitCode.REFUSED, "there is no such team"),
        (("usage", "--by", "hour"), ExitCode.REFUSED, "group_by must have some of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_wrong_is_named(command: Command, arguments: tuple[str, ...], code: int, words: str) -> None:
    """
    On one line, here or by the gateway.
    """
    done = command(*arguments)

    assert (done.code, done.out) == (code, "")
    assert words in done.err


def test_a_team_has_keys_and_limits(command: Command) -> None:
    """
    It is made, shown, changed, and removed when nobody is in it any more.
    """
    command("teams", "create", "chat", "--limit", "20", "--limit-reset", "monthly")
    key_hash, _ = make(command, "a key", "--team", "chat")

    refused = command("teams", "remove", "chat")
    changed = command("teams", "update", "chat", "--limit", "none", "--documents-per-minute", "900", "--json").json
    row = next(line.split() for line in command("teams", "list").out.splitlines() if line.startswith("chat"))
    members = command("keys", "list", "--team", "chat", "--json").json["data"]
    command("keys", "update", key_hash, "--team", "none")
    removed = command("teams", "remove", "chat")

    assert refused.code == ExitCode.REFUSED
    assert (changed["data"]["limit"], changed["data"]["documents_per_minute"]) == (None, 900)
    assert row[:2] == ["chat", "1"]
    assert [key["hash"] for key in members] == [key_hash]
    assert removed.code == 0


def test_usage_is_told_in_three_forms(command: Command) -> None:
    """
    As a table with a total, as CSV and as the gateway said it.
    """
    days = ("--from", "2026-11-01", "--to", "2026-11-30", "--by", "day,key")

    table = command("usage", *days).out.splitlines()
    rows = list(csv.reader(io.StringIO(command("usage", *days, "--csv").out)))
    told = command("usage", *days, "--json").json

    assert table[0].split() == ["day", "key", "requests", "documents", "cost"]
    assert rows[0] == ["day", "key", "key_name", "requests", "documents", "cost"]
    assert (told["from"], told["to"], told["group_by"]) == ("2026-11-01", "2026-11-30", ["day", "key"])
