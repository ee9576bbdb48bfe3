"""POST /v1/async/rerank from the event to the response."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.account import Account, Headers
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST
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
