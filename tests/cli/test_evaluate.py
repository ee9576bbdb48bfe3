"""`rerank-gateway evaluate`, against the gateway of `make run` with two providers on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from threading import Event
from time import monotonic, sleep
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
    """Ranks by chance, the same way each time. From the *failing*th question on it fails; the *held*th waits."""

    failing: int | None = None
    held: int | None = None
    released: Event = field(default_factory=Event)
    server: Upstream = field(default_factory=lambda: Upstream([]))

    def answer(self, connection: socket.socket) -> None:
        if self.failing is not None and len(self.server.questions) >= self.failing:
            says({"message": "broken"}, 500)(connection)
            return
        if len(self.server.questions) == self.held:
            self.released.wait(60)
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
            f'[aliases.both]\ntargets = ["{VLLM}", "{COHERE}"]\nfuse = "rrf"\n'
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


@dataclass(frozen=True)
class Evaluate:
    """Starts the command, a question at a time."""

    gateway: Gateway
    data: Path
    out: Path

    def __call__(self, *options: str, models: str = MODELS) -> Done:
        process = self.start(*options, models=models)
        out, err = process.communicate()

        return Done(process.returncode, out, err)

    def start(self, *options: str, models: str = MODELS) -> subprocess.Popen[str]:
        arguments = ["evaluate", str(self.data), "--models", models, "--out", str(self.out), "--parallel", "1"]

        return subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments, *options],
            cwd=ROOT,
            env={**os.environ, "RERANK_GATEWAY_URL": self.gateway.url, "RERANK_GATEWAY_KEY": "sk-local"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def evaluate(setup: Setup, data: Path, tmp_path: Path) -> Evaluate:
    return Evaluate(setup.gateway, data, tmp_path / "out")


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
    assert VLLM in (tmp_path / "out/report.html").read_text()


def test_whoever_is_killed_goes_on(evaluate: Evaluate, setup: Setup, tmp_path: Path) -> None:
    """
    Killed while it waits for an answer and, by the look of it, while it wrote a line: started again, it asks nothing
    twice that had been answered.
    """
    setup.cohere.held = 5
    process = evaluate.start()
    until = monotonic() + 60
    while len(setup.cohere.server.questions) < 5 and monotonic() < until:
        sleep(0.05)
    process.kill()
    process.communicate()
    with (tmp_path / "out/answers.jsonl").open("a") as lines:
        lines.write('{"key": "half')
    setup.cohere.released.set()
    vllm, cohere = setup.vllm.queries, setup.cohere.queries

    done = evaluate()

    assert done.code == 0, done.err
    assert len(cohere) == 5
    assert setup.vllm.queries == vllm
    assert len(setup.cohere.queries[5:]) == QUERIES - 4
    assert not {*cohere[:4]} & {*setup.cohere.queries[5:]}


def test_what_failed_is_asked_again(evaluate: Evaluate, setup: Setup, tmp_path: Path) -> None:
    """
    It is an error in the report, which the next run does not have.
    """
    setup.cohere.failing = 5
    first = evaluate()
    told = report(tmp_path)[COHERE]["errors"]
    setup.cohere.failing = None

    second = evaluate()

    assert (first.code, second.code) == (0, 0)
    assert sum(told.values()) == QUERIES - 4
    assert report(tmp_path)[COHERE]["errors"] == {}


def test_a_batch_measures_the_same(evaluate: Evaluate, setup: Setup, tmp_path: Path) -> None:
    """
    Whatever way the questions go, the models are measured alike, and nothing is asked twice.
    """
    setup.cohere.failing = 5
    first = evaluate("--batch")
    failed = report(tmp_path)[COHERE]["errors"]
    setup.cohere.failing = None
    again = evaluate("--batch")
    by_batch = report(tmp_path)
    (tmp_path / "out/answers.jsonl").unlink()

    one_by_one = evaluate()

    assert (first.code, again.code, one_by_one.code) == (0, 0, 0), first.err
    assert sum(failed.values()) == QUERIES - 4
    measures = {model: told["measures"] for model, told in by_batch.items()}
    assert measures == {model: told["measures"] for model, told in report(tmp_path).items()}
    assert len(setup.vllm.queries) == 2 * QUERIES
    assert list((tmp_path / "out/batches").iterdir()) == []


def test_a_question_that_is_no_text_is_an_error_of_a_batch(evaluate: Evaluate, data: Path, tmp_path: Path) -> None:
    """
    Half a character is in many a file, and the gateway cannot say whose line that was.
    """
    questions = [{"query": f"lift {each}", "documents": ["lift", "drag"], "relevant": [0]} for each in range(30)]
    file = data / "questions.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in (*questions, questions[0] | {"query": "\ud83d"})))

    done = replace(evaluate, data=file)("--batch", models="local/bm25")

    assert done.code == 0, done.err
    assert report(tmp_path)["local/bm25"]["errors"] == {"the batch has no line for it": 1}


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


def test_a_fused_alias_is_a_model_like_others(evaluate: Evaluate, setup: Setup, tmp_path: Path) -> None:
    """
    All of its members are asked, for each query.
    """
    done = evaluate(models="local/bm25,both")

    assert done.code == 0, done.err
    assert report(tmp_path)["both"]["errors"] == {}
    assert (len(setup.vllm.queries), len(setup.cohere.queries)) == (QUERIES, QUERIES)


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
