"""How commands end that cannot be done: one line for the person, a code for the script, and never the key."""

from __future__ import annotations

import pytest

from cli.errors import ExitCode, exit_code_of
from tests.cli.conftest import Command

SECRET = "sk-very-secret"


@pytest.mark.parametrize(
    ("variables", "code", "words"),
    [
        ({"RERANK_GATEWAY_URL": ""}, ExitCode.USAGE, "--url or RERANK_GATEWAY_URL is required"),
        ({"RERANK_GATEWAY_KEY": ""}, ExitCode.USAGE, "--key or RERANK_GATEWAY_KEY is required"),
        ({"RERANK_GATEWAY_KEY": "sk-é"}, ExitCode.USAGE, "a key has printable ASCII characters only"),
        ({"RERANK_GATEWAY_URL": "localhost:8080"}, ExitCode.USAGE, "--url must begin with http"),
        ({"RERANK_GATEWAY_URL": "http://127.0.0.1:port"}, ExitCode.USAGE, "--url is no URL"),
        ({"RERANK_GATEWAY_URL": "http://127.0.0.1:1"}, ExitCode.UNREACHABLE, "http://127.0.0.1:1 cannot be reached"),
        ({"RERANK_GATEWAY_KEY": SECRET}, ExitCode.KEY_REFUSED, "401: this key is not known (request "),
    ],
    ids=["no url", "no key", "odd key", "no scheme", "no url at all", "nobody there", "unknown key"],
)
def test_what_cannot_be_done_is_one_line(
    command: Command, variables: dict[str, str], code: ExitCode, words: str
) -> None:
    """
    On standard error, with the gateway's words where there are any.
    """
    done = command("models", **variables)

    assert (done.code, done.out) == (code, "")
    assert done.err.startswith(f"Error: {words}")
    assert done.err.count("\n") == 1
    assert SECRET not in done.err


def test_an_unknown_option_is_usage(command: Command) -> None:
    """
    As with any other command.
    """
    assert command("models", "--nonsense").code == ExitCode.USAGE


def test_a_request_that_is_wrong_is_refused(command: Command) -> None:
    """
    By the gateway, whose message names the field.
    """
    done = command("rerank", " ", said="a\n")

    assert (done.code, done.out) == (ExitCode.REFUSED, "")
    assert "query is required for rerank" in done.err


@pytest.mark.parametrize(
    ("status", "code"), [(400, 4), (401, 5), (402, 6), (403, 5), (404, 4), (409, 4), (429, 6), (500, 1), (503, 1)]
)
def test_each_status_has_its_code(status: int, code: int) -> None:
    """
    A script tells a spent budget from a wrong request without reading.
    """
    assert exit_code_of(status) == code
