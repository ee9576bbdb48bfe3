"""docs/teams.md, command by command."""

from __future__ import annotations

import re
import shlex

import httpx

from tests.cli.conftest import Command, Done
from tests.local.conftest import Gateway
from tests.pages import ROOT, blocks

PAGE = ROOT / "docs/teams.md"
SHOWN_HASH = "d3859992f30c"


def commands() -> list[str]:
    """Each command of the page, in its order."""
    text = "\n".join(blocks(PAGE, "sh")).replace("\\\n", " ")

    return [line for line in text.splitlines() if line.startswith(("rerank-gateway ", "curl "))]


def test_every_command_of_the_page_works(command: Command, gateway: Gateway) -> None:
    """
    From the first key to the report, one after the other, and with the output that is shown.
    """
    known: dict[str, str] = {}

    for line in commands():
        words = [_known(word, known) for word in shlex.split(line)]
        if words[0] == "curl":
            _must_succeed(words, gateway)
            continue
        redirected = words.index(">") if ">" in words else len(words)
        done = command(*words[1:redirected])
        assert (done.code, line) == (0, line), done.err
        if words[1:3] in (["keys", "create"], ["keys", "rotate"]):
            known = {SHOWN_HASH: known.get(SHOWN_HASH) or _hash(done)[:12], "HASH": _hash(done)}


def _hash(done: Done) -> str:
    [found] = re.findall(r"^The key ([0-9a-f]{64}), whose secret is told this once:$", done.err, re.MULTILINE)

    return str(found)


def _known(word: str, known: dict[str, str]) -> str:
    return known.get(word, word)


def _must_succeed(words: list[str], gateway: Gateway) -> None:
    """Send what curl would."""
    url = next(word for word in words if word.startswith("$RERANK_GATEWAY_URL"))
    body = words[words.index("-d") + 1] if "-d" in words else None
    headers = gateway.authorization | ({"content-type": "application/json"} if body else {})
    address = url.replace("$RERANK_GATEWAY_URL", gateway.url)

    httpx.request("POST" if body else "GET", address, content=body, headers=headers, trust_env=False).raise_for_status()
