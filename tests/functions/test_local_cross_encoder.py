"""`local/cross-encoder`: the same model inside the gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cross_encoders import write
from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.cross_encoder import loaded
from tests.functions.gateway import event, rerank

ASKED = {
    "model": "local/cross-encoder",
    "query": event("cpu_reranker")["query"],
    "documents": event("cpu_reranker")["texts"],
}


def test_it_ranks_as_the_function_does(configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The same scores in the same order; nothing is paid for, and the tokens that were read are counted.
    """
    configure(CPU_MODEL=str(write(tmp_path)))
    rows = loaded(tmp_path, monkeypatch).handler(event("cpu_reranker"), FakeContext())

    answered = rerank(ASKED)

    assert answered.status == 200
    assert [(row["index"], row["relevance_score"]) for row in answered.json["results"]] == [
        (row["index"], pytest.approx(row["score"])) for row in rows
    ]
    assert answered.json["usage"]["cost"] == 0
    assert answered.json["usage"]["total_tokens"] > 12


def test_a_text_that_is_too_long_is_cut_unless_it_may_not_be(configure: Configure, tmp_path: Path) -> None:
    """
    By the model's own tokens; where nothing may be truncated the request is refused.
    """
    configure(CPU_MODEL=str(write(tmp_path)))
    long = {**ASKED, "documents": ["red " * 10_000, "an apple"]}

    assert rerank(long).status == 200
    assert rerank({**long, "truncate": "none"}).status == 400


def test_it_can_be_the_last_resort(configure: Configure, tmp_path: Path) -> None:
    """
    A neural answer when every vendor is down.
    """
    configure(
        CPU_MODEL=str(write(tmp_path)),
        COHERE_API_KEY="k",
        GATEWAY_CONFIG='last_resort = "local/cross-encoder"\n[providers.cohere]\nurl = "http://127.0.0.1:1"',
    )

    answered = rerank({**ASKED, "model": "cohere/rerank-v3.5"})

    assert (answered.status, answered.json["model"]) == (200, "cross-encoder")


def test_a_broken_model_is_the_operators_to_mend(configure: Configure, tmp_path: Path) -> None:
    """
    Callers hear that it is not their fault, and nothing of what lies where.
    """
    configure(CPU_MODEL=str(tmp_path))

    answered = rerank(ASKED)

    assert answered.status >= 500
    assert str(tmp_path) not in answered.text
