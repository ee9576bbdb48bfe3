"""The function that ranks on Lambda's processors, with events as the gateway sends them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rerank_gateway.adapters.local.cross_encoder.broken_model import BrokenModel
from rerank_gateway.domain.errors import TargetTimedOut
from tests.cross_encoders import write
from tests.fakes import FakeContext
from tests.functions.cross_encoder import loaded, modules_of
from tests.functions.gateway import event

OURS_ONLY = {"aws_lambda_powertools", "boto3", "cachetools", "certifi", "cryptography", "h11", "pydantic", "Stemmer"}


@pytest.fixture
def rank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    handler = loaded(write(tmp_path), monkeypatch).handler

    return lambda milliseconds=30_000, **changes: handler(event("cpu_reranker") | changes, FakeContext(milliseconds))


def test_the_best_text_comes_first(rank: Any) -> None:
    """
    Every text has its score between 0 and 1, as Text Embeddings Inference's answer has it.
    """
    rows = rank()

    assert sorted(row["index"] for row in rows) == list(range(len(event("cpu_reranker")["texts"])))
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    assert all(0 < row["score"] < 1 for row in rows)
    assert json.loads(json.dumps(rows)) == rows


def test_raw_scores_are_logits(rank: Any) -> None:
    """
    In the same order, and any number.
    """
    raw = rank(raw_scores=True)

    assert [row["index"] for row in raw] == [row["index"] for row in rank()]
    assert any(not 0 < row["score"] < 1 for row in raw)


def test_the_side_that_is_cut_is_the_callers(rank: Any) -> None:
    """
    The direction is the one that Text Embeddings Inference calls Left or Right.
    """
    texts = ["red " * 50 + "green " * 50, "red " * 50, "green " * 50]

    left, right = (
        {row["index"]: row["score"] for row in rank(texts=texts, truncation_direction=direction)}
        for direction in ("Left", "Right")
    )

    assert left[0] == pytest.approx(left[2]) != pytest.approx(left[1])
    assert right[0] == pytest.approx(right[1]) != pytest.approx(right[2])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"query": None}, "`query`"),
        ({"texts": []}, "`texts`"),
        ({"texts": ["a", 1]}, "`texts`"),
        ({"texts": "a"}, "`texts`"),
        ({"truncate": False, "texts": ["red " * 100]}, "less than 32 tokens"),
    ],
)
def test_what_lies_in_the_request_is_told(rank: Any, changes: dict[str, Any], words: str) -> None:
    """
    As Text Embeddings Inference tells it, and not as an error of the function.
    """
    refusal = rank(**changes)

    assert refusal["error_type"] == "Validation"
    assert words in refusal["error"]


def test_it_ends_before_lambda_ends_it(rank: Any) -> None:
    """
    Where its time is over the function says so itself.
    """
    with pytest.raises(TargetTimedOut):
        rank(milliseconds=400)


def test_a_broken_model_is_an_error_of_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Lambda logs what is wrong, and nobody gets a score.
    """
    loaded(write(tmp_path), monkeypatch)
    (tmp_path / "model.onnx").write_bytes(b"nothing")

    with pytest.raises(BrokenModel, match="no model in ONNX"):
        loaded(tmp_path, monkeypatch)


def test_it_needs_nothing_of_the_gateways(tmp_path: Path) -> None:
    """
    What is in the gateway's layer of dependencies is not in the function's, and boto3 waits for who needs it.
    """
    modules = modules_of("import functions.cpu_reranker.app", CPU_MODEL=str(write(tmp_path)))

    assert "onnxruntime" in modules
    assert modules & OURS_ONLY == set()


@pytest.mark.parametrize("name", ["rerank", "status", "submit", "worker"])
def test_nobody_else_needs_what_it_needs(name: str) -> None:
    """
    No other function loads a package of this one's.
    """
    code = f"import functions.{name}.app\nimport rerank_gateway.entry.wiring.ranking"

    assert modules_of(code) & {"numpy", "onnxruntime", "tokenizers"} == set()
