"""The gateway and the cross-encoder's function together, with Lambda's Invoke on loopback between them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.cross_encoders import write
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.cross_encoder import loaded
from tests.functions.gateway import rerank
from tests.functions.lambda_service import LambdaService, lambda_service

MODEL = "lambda/my-gateway-cpu-reranker"
DOCUMENTS = [f"{'green ' * (index % 9)}apples {'red ' * (index % 5)}" for index in range(1_000)]
ASKED = {"model": MODEL, "query": "which green apples?", "documents": DOCUMENTS}


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Lambda gives a function."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def handler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    return loaded(write(tmp_path), monkeypatch).handler


def call_at(configure: Configure, service: LambdaService, more: str = "") -> None:
    configure(GATEWAY_CONFIG=f'{more}\n[providers.lambda]\nurl = "{service.url}"', AWS_REGION="eu-west-1")


def ranked(answered: Any) -> list[tuple[int, float]]:
    return [(row["index"], row["relevance_score"]) for row in answered["results"]]


def test_a_thousand_documents_are_twenty_invocations(handler: Any, configure: Configure, tmp_path: Path) -> None:
    """
    Side by side, and together they give the ranking that one model gives in one piece.
    """

    def slow(event: Any, context: Any) -> Any:
        time.sleep(0.2)
        return handler(event, context)

    with lambda_service(slow) as service:
        call_at(configure, service)
        answered = rerank(ASKED)
    configure(CPU_MODEL=str(tmp_path))
    whole = rerank({**ASKED, "model": "local/cross-encoder"})

    assert [len(event["texts"]) for event in service.events] == [50] * 20
    assert service.most > 8
    assert [index for index, _ in ranked(answered.json)] == [index for index, _ in ranked(whole.json)]
    assert [score for _, score in ranked(answered.json)] == pytest.approx([score for _, score in ranked(whole.json)])


def test_what_is_throttled_is_tried_again(handler: Any, account: Account, configure: Configure) -> None:
    """
    Where the account lets fewer run than there are parts, a sync call is busy at the worst, and a job waits.
    """
    with lambda_service(handler, concurrency=0) as service:
        call_at(configure, service)
        asked = rerank(ASKED)
        job_id = account.submit({**ASKED, "documents": DOCUMENTS[:60]}).json["id"]
        messages = account.messages()
        again = account.work(messages)

    assert (asked.status, asked.json["error"]["code"]) == (429, "provider_busy")
    assert again == [message["messageId"] for message in messages]
    assert account.poll(job_id).json["status"] == "processing"


def test_a_job_has_what_a_sync_call_would_have(handler: Any, account: Account, configure: Configure) -> None:
    """
    The worker asks the same function in the same parts.
    """
    with lambda_service(handler) as service:
        call_at(configure, service)
        job_id = account.submit({**ASKED, "documents": DOCUMENTS[:120]}).json["id"]
        assert account.work() == []
        sync = rerank({**ASKED, "documents": DOCUMENTS[:120]})

    assert ranked(account.poll(job_id).json["result"]) == ranked(sync.json)
    assert sorted(len(event["texts"]) for event in service.events) == [20, 20, 50, 50, 50, 50]


def test_a_broken_model_leads_to_the_next_target(configure: Configure) -> None:
    """
    As an error of the function's start does, whatever it says.
    """

    def broken(event: Any, context: Any) -> Any:
        raise ValueError("model.onnx does not have the SHA-256")

    with lambda_service(broken) as service:
        call_at(configure, service)
        answered = rerank({**ASKED, "documents": DOCUMENTS[:3], "fallbacks": ["local/bm25"]})

    attempts = [(each["target"], each["status_code"]) for each in answered.json["extra_fields"]["attempts"]]
    assert attempts == [(MODEL, 502), ("local/bm25", 200)]
    assert "SHA-256" not in answered.text


def test_it_can_be_the_last_resort(handler: Any, configure: Configure) -> None:
    """
    A neural answer when every vendor is down.
    """
    with lambda_service(handler) as service:
        call_at(configure, service, f'last_resort = "{MODEL}"')
        answered = rerank({**ASKED, "model": "cohere/rerank-v3.5", "documents": DOCUMENTS[:3]})

    assert (answered.status, answered.json["extra_fields"]["provider"]) == (200, "lambda")
