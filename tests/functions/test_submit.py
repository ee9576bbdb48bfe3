"""POST /v1/async/rerank from the event to the response."""

from __future__ import annotations

from typing import Any

import pytest

import functions.submit.app
from tests.fakes import FakeContext
from tests.functions.account import Account, Headers, sync
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, event, to_response
from tests.functions.provider import COHERE, pointed_at
from tests.upstream import says, upstream


def test_submit_answers_as_bifrost_does(account: Account) -> None:
    """
    202 with id, status and created_at, where to look, and when.
    """
    response = account.submit()

    assert response.status == 202
    assert list(response.json) == ["id", "status", "created_at"]
    assert response.json["status"] == "pending"
    assert response.json["created_at"].endswith("Z")
    assert response.headers["location"] == f"/v1/async/rerank/{response.json['id']}"
    assert response.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("body", "headers", "error"),
    [
        (LEAST | {"top_n": 0}, {}, (400, "top_n")),
        ({}, {}, (400, "model")),
        (LEAST | {"model": "nobody/m"}, {}, (404, "model")),
        (LEAST | {"model": "cohere/rerank-v3.5"}, {}, (404, None)),
        (LEAST | {"model": "vllm/m"}, {}, (404, None)),
        (LEAST | {"model": "local/bm42", "fallbacks": ["jina/m"]}, {}, (404, None)),
        (
            LEAST | {"load_balancer": {"models": [{"model": "a/b", "weight": 1e308}] * 2}},
            {},
            (400, "load_balancer.models"),
        ),
        (LEAST, {"authorization": "Bearer wrong"}, (401, None)),
        (LEAST, {"x-bf-async-job-result-ttl": "0"}, (400, "x-bf-async-job-result-ttl")),
        (LEAST, {"x-bf-async-job-result-ttl": "2592001"}, (400, "x-bf-async-job-result-ttl")),
        (LEAST, {"x-bf-async-job-result-ttl": "1.5"}, (400, "x-bf-async-job-result-ttl")),
        (LEAST, {"x-bf-async-job-result-ttl": "9" * 5000}, (400, "x-bf-async-job-result-ttl")),
        (LEAST, {"idempotency-key": "k" * 256}, (400, "Idempotency-Key")),
        (LEAST, {"idempotency-key": ""}, (400, "Idempotency-Key")),
    ],
)
def test_what_would_be_refused_is_refused_now(
    account: Account, body: Any, headers: Headers, error: tuple[int, str | None]
) -> None:
    """
    Nobody waits for a job to learn of a typo, and nothing is queued.
    """
    response = account.submit(body, headers)

    assert (response.status, response.json["error"].get("param")) == error
    assert account.messages() == []


def test_a_refusal_for_want_of_a_key_is_the_sync_routes(account: Account) -> None:
    """
    Code, message and attempts, with nobody asked in either way.
    """
    body = LEAST | {"model": "cohere/rerank-v3.5", "fallbacks": ["vllm/m"]}

    submitted, answered = account.submit(body), sync(body)

    assert (submitted.status, answered.status) == (404, 404)
    assert submitted.json["message"] == answered.json["message"]
    assert submitted.json["error"]["code"] == answered.json["error"]["code"] == "model_not_available"
    tried = [
        [(attempt["target"], attempt["error"]) for attempt in response.json["extra_fields"]["attempts"]]
        for response in (submitted, answered)
    ]
    assert tried[0] == tried[1]


@pytest.mark.parametrize(
    "changes",
    [
        {"fallbacks": ["cohere/rerank-v3.5", "local/bm25"]},
        {"load_balancer": {"models": [{"model": "jina/m"}, {"model": "local/bm25"}]}},
        {"provider": {"sort": "price", "allow_fallbacks": False}, "model": "mixed"},
    ],
    ids=["fallback", "drawn", "sorted"],
)
def test_what_somebody_may_answer_is_taken_on(account: Account, configure: Configure, changes: Any) -> None:
    """
    One target that can be asked is enough.
    """
    configure(GATEWAY_CONFIG='[aliases.mixed]\ntargets = ["cohere/rerank-v3.5", "local/bm25"]')

    assert account.submit(LEAST | {"model": "vllm/m"} | changes).status == 202


def test_keys_that_cannot_be_read_at_the_moment_refuse_nothing(account: Account, configure: Configure) -> None:
    """
    By the time that a worker comes, they may be there.
    """
    configure(PROVIDER_SECRETS_ARN="arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone")

    assert account.submit(LEAST | {"model": "cohere/rerank-v3.5"}).status == 202


def test_idempotency_over_http(account: Account) -> None:
    """
    The same key and body give the same job, another body 409.
    """
    once = {"idempotency-key": "order-66"}
    first, second = account.submit(LEAST, once), account.submit(LEAST, once)

    other = account.submit(LEAST | {"top_n": 1}, once)

    assert first.json == second.json
    assert (other.status, other.json["error"]["code"]) == (409, "idempotency_conflict")


@pytest.mark.parametrize(("first", "then"), [(500, 200), (422, 400)])
def test_a_job_that_failed_is_attempted_again_where_that_may_help(
    account: Account, configure: Configure, first: int, then: int
) -> None:
    """
    The same key and body start another attempt at what broke, and read what was refused once more.
    """
    once, body = {"idempotency-key": "order-66"}, LEAST | {"model": "cohere/m"}
    with upstream(says({}, first), says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        made = account.submit(body, once).json["id"]
        account.work()
        failed = account.poll(made).json
        account.submit(body, once)
        account.work()

        ended = account.poll(made).json

    assert failed["status"] == "failed"
    assert ended["status_code"] == then
    assert (ended == failed) is (then == 400)


def test_a_queue_out_of_reach_is_503_and_leaves_no_job(account: Account, configure: Configure) -> None:
    """
    `Retry-After` says when to try again.
    """
    configure(JOBS_QUEUE_URL=account.queue_url + "-gone")

    response = account.submit()

    assert (response.status, response.headers["retry-after"]) == (503, "1")
    assert account.client("dynamodb").scan(TableName="jobs")["Count"] == 0


def test_a_job_is_polled_where_it_was_submitted(account: Account) -> None:
    """
    Below the base path of the operator's own domain, which API Gateway leaves in the path and not in the route's key.
    """
    request = event("submit")
    request["requestContext"]["http"]["path"] = "/ranking/v1/async/rerank"

    response = to_response(functions.submit.app.handler(request, FakeContext()))

    assert response.headers["location"] == f"/ranking/v1/async/rerank/{response.json['id']}"
