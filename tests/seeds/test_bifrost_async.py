"""Bifrost's reference of `POST /v1/async/rerank`, line by line."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from socket import socket
from typing import Any

import pytest

from functions.submit.app import handler
from rerank_gateway.domain.keys import hash_of_token
from tests.fakes import FakeContext
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.gateway import event, to_response
from tests.functions.provider import COHERE, pointed_at
from tests.seeds.rows import contains, each
from tests.upstream import says, upstream

DOCUMENTS = [{"text": "a"}, {"text": "b"}, {"text": "c"}]
BODY = {"model": "cohere/rerank-v3.5", "query": "q", "documents": DOCUMENTS}
TTL = "x-bf-async-job-result-ttl"


@pytest.fixture(autouse=True)
def _key(configure: Configure) -> None:
    configure(COHERE_API_KEY="k")


@each(
    "changes",
    {
        "model: provider/model, cohere/rerank-v3.5": ({},),
        "query: at least 1 character": ({"query": "q"},),
        "documents: an array of objects, at least 1": ({"documents": [{"text": "a"}]},),
        "fallbacks: strings, provider/model": ({"fallbacks": ["cohere/rerank-v4.0-pro", "local/bm25"]},),
        "top_n: an integer from 1": ({"top_n": 1},),
        "max_tokens_per_doc: an integer from 1": ({"max_tokens_per_doc": 1},),
        "priority: an integer": ({"priority": 0},),
        "return_documents: a boolean": ({"return_documents": False},),
        "all of it": (
            {"fallbacks": [], "top_n": 2, "max_tokens_per_doc": 512, "priority": 3, "return_documents": True},
        ),
    },
)
def test_what_the_body_may_say(account: Account, changes: dict[str, Any]) -> None:
    """
    Taken on with 202, an id, a status and the moment of creation, and nothing is called unknown.
    """
    response = account.submit(BODY | changes)

    assert response.status == 202
    assert contains(response.json, {"id": str, "status": "pending", "created_at": str})
    assert datetime.fromisoformat(response.json["created_at"]).tzinfo
    assert "x-gateway-warnings" not in response.headers


@each(
    ("changes", "param"),
    {
        "model is required": ({"model": None}, "model"),
        "query is required": ({"query": None}, "query"),
        "query has a minimum length of 1": ({"query": ""}, "query"),
        "documents are required": ({"documents": None}, "documents"),
        "documents have a minimum length of 1": ({"documents": []}, "documents"),
        "fallbacks are strings": ({"fallbacks": [1]}, "fallbacks[0]"),
        "top_n is at least 1": ({"top_n": 0}, "top_n"),
        "max_tokens_per_doc is at least 1": ({"max_tokens_per_doc": 0}, "max_tokens_per_doc"),
        "priority is an integer": ({"priority": "high"}, "priority"),
        "return_documents is a boolean": ({"return_documents": "yes"}, "return_documents"),
    },
)
def test_what_the_body_may_not_say(account: Account, changes: dict[str, Any], param: str) -> None:
    """
    Refused at once with the name of the field.
    """
    response = account.submit(BODY | changes)

    assert (response.status, response.json["error"]["param"]) == (400, param)


@each(
    ("headers", "status"),
    {
        "a bearer token is required": ({"authorization": ""}, 401),
        "an unknown one is none": ({"authorization": "Bearer sk-other"}, 401),
        "virtual keys begin with sk-bf-": ({"authorization": "Bearer sk-bf-team"}, 202),
        "the result's time to live is an integer": ({TTL: "soon"}, 400),
        "of seconds from 1": ({TTL: "0"}, 400),
    },
)
def test_what_the_headers_say(account: Account, headers: dict[str, str], status: int) -> None:
    """
    Who calls, and how long the result is kept.
    """
    item = {"key_hash": {"S": hash_of_token("sk-bf-team")}, "id": {"S": "team"}, "models": {"SS": ["*"]}}
    account.client("dynamodb").put_item(TableName="keys", Item=item)

    assert account.submit(BODY, headers).status == status


@each(
    ("headers", "seconds"),
    {"defaults to 3600": ({}, 3600), "is the caller's": ({TTL: "60"}, 60)},
)
def test_a_job_expires_after_its_completion(account: Account, headers: dict[str, str], seconds: int) -> None:
    """
    The header x-bf-async-job-result-ttl counts from then on; there is no `expires_at` before.
    """
    request = event("submit") | {"body": json.dumps(BODY | {"model": "local/bm25"})}
    request["headers"] = {name: value for name, value in request["headers"].items() if name != TTL} | headers
    made = to_response(handler(request, FakeContext())).json
    before = account.poll(made["id"]).json
    account.work()

    after = account.poll(made["id"]).json

    completed, expires = (datetime.fromisoformat(after[name]) for name in ("completed_at", "expires_at"))
    # In whole seconds, as DynamoDB's TTL has it.
    assert timedelta(0) <= expires - completed - timedelta(seconds=seconds) < timedelta(seconds=1)
    assert before.keys() == {"id", "status", "created_at"}


def test_the_states_of_a_job_that_is_completed(account: Account, configure: Configure) -> None:
    """
    pending, processing, completed: the result is what the request was for.
    """
    seen: list[str] = []

    def poll_meanwhile(connection: socket) -> None:
        seen.append(account.poll(made["id"]).json["status"])
        says(COHERE)(connection)

    with upstream(poll_meanwhile) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        made = account.submit(BODY).json
        seen.append(account.poll(made["id"]).json["status"])
        account.work()
        ended = account.poll(made["id"])

    assert seen == ["pending", "processing"]
    said = {"id": made["id"], "status": "completed", "created_at": str, "completed_at": str, "expires_at": str}
    assert contains(ended.json, {**said, "status_code": 200, "result": {"results": list}})
    assert "error" not in ended.json


def test_the_error_of_a_job_that_failed(account: Account, configure: Configure) -> None:
    """
    Bifrost's error response, every field of it.
    """
    with upstream(says({"message": "no"}, 400)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        made = account.submit(BODY | {"documents": [{"text": "a"}]}).json
        account.work()
        ended = account.poll(made["id"])

    error = {
        "event_id": str,
        "type": str,
        "is_bifrost_error": bool,
        "status_code": 400,
        "error": {"type": str, "code": str, "message": str, "event_id": str},
        "extra_fields": {"provider": "cohere", "model_requested": "cohere/rerank-v3.5", "request_type": "rerank"},
    }
    assert contains(ended.json, {"status": "failed", "status_code": 400, "completed_at": str, "error": error})
    assert "result" not in ended.json


def test_an_error_names_the_field_that_it_is_about(account: Account) -> None:
    """
    `error.param`, where there is one.
    """
    assert contains(account.submit(BODY | {"top_n": 0}).json["error"], {"param": "top_n", "event_id": str})
