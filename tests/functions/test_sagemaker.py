"""A SageMaker endpoint of one's own, called by the functions over HTTP: the endpoint's runtime is on loopback."""

from __future__ import annotations

import pytest

from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, rerank
from tests.upstream import Answer, Upstream, says, upstream

MODEL = "sagemaker/my-gateway-gpu-reranker"
SCORES = [{"index": 1, "score": 0.98}, {"index": 2, "score": 0.31}, {"index": 0, "score": 0.02}]
RANKED = [{"index": 1, "relevance_score": 0.98}, {"index": 2, "relevance_score": 0.31}]


def overloaded(seconds: int = 2) -> Answer:
    """TEI's 429, as SageMaker wraps it."""
    body = {"Message": "no", "OriginalMessage": "Model is overloaded", "OriginalStatusCode": 429}

    return says(body, 424, {"x-amzn-errortype": "ModelError", "retry-after": str(seconds)})


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Lambda gives a function."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")


def call_at(configure: Configure, runtime: Upstream) -> None:
    configure(GATEWAY_CONFIG=f'[providers.sagemaker]\nurl = "{runtime.url}"', AWS_REGION="eu-west-1")


def test_the_gpu_ranks_for_a_caller(configure: Configure) -> None:
    """
    POST /v1/rerank leads to the endpoint's invocations, signed for the function's own region.
    """
    with upstream(says(SCORES)) as runtime:
        call_at(configure, runtime)
        response = rerank(model=MODEL, top_n=2)

    [request] = runtime.questions
    assert (response.status, response.json["results"]) == (200, RANKED)
    assert response.json["model"] == "my-gateway-gpu-reranker"
    assert (request.method, request.path) == ("POST", "/endpoints/my-gateway-gpu-reranker/invocations")
    assert request.json["texts"] == LEAST["documents"]
    assert "/eu-west-1/sagemaker/aws4_request" in request.headers["authorization"]


def test_a_caller_gets_the_containers_error(configure: Configure) -> None:
    """
    The status is the container's, with its Retry-After.
    """
    with upstream(overloaded(seconds=7)) as runtime:
        call_at(configure, runtime)
        response = rerank(model=MODEL)

    assert (response.status, response.json["error"]["code"]) == (429, "provider_busy")
    assert response.headers["retry-after"] == "7"


def test_an_endpoint_that_is_away_is_passed_over(configure: Configure) -> None:
    """
    Another target answers where nobody has made the endpoint.
    """
    with upstream(says({"Message": "Endpoint my-gateway-gpu-reranker of account 1 not found."}, 400)) as runtime:
        call_at(configure, runtime)
        response = rerank(model=MODEL, fallbacks=["local/bm25"])

    attempts = [(a["target"], a["status_code"]) for a in response.json["extra_fields"]["attempts"]]
    assert attempts == [(MODEL, 404), ("local/bm25", 200)]


def test_without_a_region_nothing_is_called(configure: Configure) -> None:
    """
    The configuration is to blame, and says so.
    """
    with upstream() as runtime:
        configure(GATEWAY_CONFIG=f'[providers.sagemaker]\nurl = "{runtime.url}"')
        response = rerank(model=MODEL)

    assert (response.status, response.json["error"]["code"]) == (404, "model_not_available")
    assert "region" in response.json["error"]["message"]


def test_the_gpu_ranks_for_a_job(account: Account, configure: Configure) -> None:
    """
    The worker calls the same endpoint in the same way, and the job has what the caller would have got.
    """
    with upstream(says(SCORES)) as runtime:
        call_at(configure, runtime)
        job_id = account.submit(LEAST | {"model": MODEL, "top_n": 2}).json["id"]
        assert account.work() == []

    [request] = runtime.questions
    done = account.poll(job_id).json
    assert (done["status"], done["result"]["results"]) == ("completed", RANKED)
    assert request.path == "/endpoints/my-gateway-gpu-reranker/invocations"
    assert request.headers["x-amz-security-token"] == "token"


def test_a_job_waits_for_a_busy_gpu(account: Account, configure: Configure) -> None:
    """
    An overloaded container puts the job back into the queue; it is not failed.
    """
    with upstream(overloaded()) as runtime:
        call_at(configure, runtime)
        job_id = account.submit(LEAST | {"model": MODEL}).json["id"]
        messages = account.messages()
        again = account.work(messages)

    assert again == [message["messageId"] for message in messages]
    assert account.poll(job_id).json["status"] == "processing"
