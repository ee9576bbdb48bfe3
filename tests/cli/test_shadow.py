"""`rerank-gateway shadow report`, against the gateway of `make run` with a shadow on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from time import monotonic, sleep

from tests.cli.conftest import ROOT, Done
from tests.local.conftest import Gateway, run_gateway
from tests.upstream import says, upstream

CONFIG = """
[aliases.live]
targets = ["local/bm25"]
shadow = "vllm/other"
shadow_share = 1
[providers.vllm]
url = "{url}"
"""
REVERSED = {"results": [{"index": 0, "relevance_score": 0.9}, {"index": 1, "relevance_score": 0.1}]}


def run(gateway: Gateway, *arguments: str, said: str = "") -> Done:
    known = {"RERANK_GATEWAY_URL": gateway.url, "RERANK_GATEWAY_KEY": "sk-local"}
    command = [sys.executable, "-m", "cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **known}, input=said, capture_output=True, text=True)

    return Done(done.returncode, done.stdout, done.stderr)


def test_a_shadow_is_told_of() -> None:
    """
    From the answer by way of the queue and its worker to the report, as a table and for scripts.
    """
    with upstream(says(REVERSED)) as shadow, run_gateway(GATEWAY_CONFIG=CONFIG.format(url=shadow.url)) as gateway:
        nothing = run(gateway, "shadow", "report")
        ranked = run(gateway, "rerank", "green apples", "-m", "live", said="red pears\ngreen apples\n")
        until = monotonic() + 30
        while not (told := run(gateway, "shadow", "report", "--json").json)["data"] and monotonic() < until:
            sleep(0.2)
        table = run(gateway, "shadow", "report")

    assert (nothing.code, nothing.out, nothing.err.startswith("No shadow was asked from")) == (0, "", True)
    assert ranked.code == 0
    [row] = told["total"]
    assert (row["alias"], row["model"], row["shadow"]) == ("live", "local/bm25", "vllm/other")
    assert (row["compared"], row["top_changed"], row["overlap_at_10"], row["rbo"]) == (1, 1.0, 1.0, 0.9)
    heads, day, all_days = table.out.splitlines()
    assert heads.split()[:6] == ["day", "alias", "model", "shadow", "compared", "failed"]
    assert (
        day.split()[1:9]
        == all_days.split()[1:9]
        == [
            "live",
            "local/bm25",
            "vllm/other",
            "1",
            "0",
            "0.9",
            "100%",
            "100%",
        ]
    )
    assert "green" in json.dumps(shadow.questions[0].json)
