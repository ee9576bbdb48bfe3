"""`rerank-gateway evaluate`, against the gateway of `make run` with two providers on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from cli.evaluation.sample import write_sample
from tests.cli.conftest import ROOT, Done
from tests.local.conftest import Gateway, run_gateway
from tests.upstream import Upstream, says, upstream

VLLM, COHERE = "vllm/shuffles", "cohere/rerank-v3.5"
MODELS = f"local/bm25,{VLLM},{COHERE}"
QUERIES, DOCUMENTS = 8, 150


@dataclass
class Provider:
    """Ranks by chance, the same way each time; from the *failing*th question on it hangs up or fails."""

    failing: int | None = None
    server: Upstream = field(default_factory=lambda: Upstream([]))

    def answer(self, connection: socket.socket) -> None:
        if self.failing is not None and len(self.server.questions) >= self.failing:
            says({"message": "broken"}, 500)(connection)
            return
        asked = self.server.questions[-1].json
        scores = [
            int.from_bytes(sha256(f"{asked['query']}{text}".encode()).digest()[:4]) for text in asked["documents"]
        ]
        results = [{"index": index, "relevance_score": score / 2**32} for index, score in enumerate(scores)]
        says({"results": results, "meta": {"billed_units": {"search_units": 1}}})(connection)

    @property
    def queries(self) -> list[str]:
        return [question.json["query"] for question in self.server.questions]


@dataclass(frozen=True)
class Setup:
    gateway: Gateway
    vllm: Provider
    cohere: Provider


@pytest.fixture
def setup() -> Iterator[Setup]:
    one, other = Provider(), Provider()
    with upstream(one.answer) as one.server, upstream(other.answer) as other.server:
        config = (
            'last_resort = "local/bm25"\n'
            f'[aliases.either]\ntargets = ["{VLLM}", "{COHERE}"]\n'
            f'[providers.vllm]\nurl = "{one.server.url}"\n[providers.cohere]\nurl = "{other.server.url}"\n'
            f'[prices."{COHERE}"]\nper_search = 0.002\n'
        )
        with run_gateway(GATEWAY_CONFIG=config, COHERE_API_KEY="k") as gateway:
            yield Setup(gateway, one, other)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The first documents and queries of Cranfield."""
    folder = tmp_path / "data"
    write_sample(folder)
    for file, count in (("corpus.jsonl", DOCUMENTS), ("queries.jsonl", QUERIES)):
        lines = (folder / file).read_text().splitlines(keepends=True)
        (folder / file).write_text("".join(lines[:count]))

    return folder


Evaluate = Callable[..., Done]


@pytest.fixture
def evaluate(setup: Setup, data: Path, tmp_path: Path) -> Evaluate:
    def run(*options: str, models: str = MODELS) -> Done:
        arguments = ["evaluate", str(data), "--models", models, "--out", str(tmp_path / "out"), "--parallel", "1"]
        done = subprocess.run(
            [sys.executable, "-m", "cli", *arguments, *options],
            cwd=ROOT,
            env={**os.environ, "RERANK_GATEWAY_URL": setup.gateway.url, "RERANK_GATEWAY_KEY": "sk-local"},
            capture_output=True,
            text=True,
        )

        return Done(done.returncode, done.stdout, done.stderr)

    return run


def report(tmp_path: Path) -> dict[str, Any]:
    found = json.loads((tmp_path / "out/report.json").read_text())

    return {model["model"]: model for model in found["models"]}


def test_the_measures_are_those_of_the_written_runs(evaluate: Evaluate, setup: Setup, tmp_path: Path) -> None:
    """
    To the last digit, by ir_measures, for each model; candidates come from local/bm25, prices from the gateway.
    """
    done = evaluate()

    assert done.code == 0, done.err
    runs, ndcg = tmp_path / "out/runs", ir_measures.parse_measure("nDCG@10")
    for model, told in report(tmp_path).items():
        qrels = list(ir_measures.read_trec_qrels(str(runs / "qrels.txt")))  # type: ignore[no-untyped-call]
        file = str(runs / f"{model.replace('/', '_')}.run")
        run = list(ir_measures.read_trec_run(file))  # type: ignore[no-untyped-call]
        assert told["measures"]["nDCG@10"]["mean"] == ir_measures.calc_aggregate([ndcg], qrels, run)[ndcg]
    assert {len(question.json["documents"]) for question in setup.vllm.server.questions} == {100}
    assert report(tmp_path)[COHERE]["cost_per_1000_queries"] == 2.0
    assert report(tmp_path)[VLLM]["cost_per_1000_queries"] is None
    assert "That means nothing" in done.err


def test_whoever_is_interrupted_goes_on(evaluate: Evaluate, setup: Setup, tmp_path: Path) -> None:
    """
    A provider fails in the middle and the last line is half written: run again, no question is asked twice that had
    been answered.
    """
    setup.cohere.failing = 5
    first = evaluate()
    answered = setup.cohere.queries[:4]
    kept = tmp_path / "out/answers.jsonl"
    with kept.open("a") as lines:
        lines.write('{"key": "half')
    setup.cohere.failing = None
    del setup.cohere.server.questions[:], setup.vllm.server.questions[:]

    second = evaluate()

    assert (first.code, second.code) == (0, 0)
    assert "500" in first.err or "502" in first.err
    assert setup.vllm.queries == []
    assert not set(answered) & set(setup.cohere.queries)
    assert report(tmp_path)[COHERE]["errors"] == {}
    assert all(json.loads(line) for line in kept.read_text().splitlines())


def test_nobody_else_is_measured_in_their_place(evaluate: Evaluate, setup: Setup) -> None:
    """
    A model that fails has errors, though there are a last resort and, in an alias, other targets.
    """
    setup.vllm.failing = 0

    done = evaluate(models=f"local/bm25,{VLLM},either")

    assert done.code == 0
    assert f"{VLLM} answered nothing and is left out" in done.err
    assert "either answered nothing and is left out: either did not answer by itself (fallback)" in done.err
    assert "last_resort" not in done.err


def test_what_may_be_spent_is_not_exceeded(evaluate: Evaluate, setup: Setup) -> None:
    """
    An estimate above it, or a price that nobody knows, and no model is asked.
    """
    dear = evaluate("--max-cost", "0.01", models=f"local/bm25,{COHERE}")
    unknown = evaluate("--max-cost", "0.01")

    assert (dear.code, unknown.code) == (6, 2)
    assert "0.0160 USD, more than --max-cost 0.01" in dear.err
    assert f"no price for {VLLM}" in unknown.err
    assert setup.cohere.queries + setup.vllm.queries == []
