"""Batches as their owners make, see and cancel them."""

from __future__ import annotations

import json
from time import time
from typing import Any

import pytest

from tests.functions.conftest import Configure
from tests.functions.files import BatchApi
from tests.functions.gateway import Response, event
from tests.functions.test_files import add_key

LEAST = {"endpoint": "/v1/rerank", "completion_window": "24h"}


def wanted(api: BatchApi, **fields: Any) -> dict[str, Any]:
    """The body of a batch of a new file."""
    return LEAST | {"input_file_id": api.store().json["id"]} | fields


def create(api: BatchApi, body: Any, idempotency_key: str, key: str = "sk-local") -> Response:
    sent = event("batch_create")
    sent["headers"] |= {"idempotency-key": idempotency_key, "authorization": f"Bearer {key}"}

    return api.answer(sent | {"body": json.dumps(body)})


def test_a_batch_is_taken_on_and_queued(batch_api: BatchApi) -> None:
    """
    OpenAI's object, all of its fields, and one message that names the batch and nothing of its content.
    """
    body = wanted(batch_api, metadata={"run": "1"}, request_params={"top_n": 3})

    made = batch_api.ask("batch_create", body)

    assert made.status == 200
    assert made.json == batch_api.ask("batch_show", at=made.json["id"]).json
    assert abs(made.json["created_at"] - time()) < 60
    assert made.json["expires_at"] - made.json["created_at"] == 86_400
    assert made.json | {"id": "", "created_at": 0, "expires_at": 0} == {
        "id": "",
        "object": "batch",
        "endpoint": "/v1/rerank",
        "errors": None,
        "input_file_id": body["input_file_id"],
        "completion_window": "24h",
        "status": "validating",
        "output_file_id": None,
        "error_file_id": None,
        "created_at": 0,
        "expires_at": 0,
        **{
            f"{each}_at": None
            for each in ("in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled")
        },
        "request_counts": {"total": 0, "completed": 0, "failed": 0},
        "cost": 0.0,
        "metadata": {"run": "1"},
        "request_params": {"top_n": 3},
    }
    assert batch_api.messages() == [{"batch": made.json["id"], "step": "validate"}]


def test_the_same_idempotency_key_is_the_same_batch(batch_api: BatchApi) -> None:
    """
    With the same body; with another one it is a 409.
    """
    body = wanted(batch_api)

    first, again = create(batch_api, body, "k"), create(batch_api, body, "k")
    other = create(batch_api, body | {"completion_window": "1h"}, "k")

    assert first.json == again.json
    assert (other.status, other.json["error"]["code"]) == (409, "idempotency_conflict")
    assert len(batch_api.ask("batch_list").json["data"]) == 1


def test_a_batch_is_the_same_although_its_key_has_another_webhook_now(
    batch_api: BatchApi, configure: Configure
) -> None:
    """
    That is nothing that was sent.
    """
    key = add_key(batch_api, webhook={"S": "orders"})
    body = LEAST | {"input_file_id": batch_api.store(key=key).json["id"]}

    first = create(batch_api, body, "k", key)
    add_key(batch_api)
    configure()
    again = create(batch_api, body, "k", key)

    assert (again.status, again.json) == (200, first.json)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"endpoint": "/v1/embeddings"}, "endpoint"),
        ({"completion_window": "25h"}, "completion_window"),
        ({"completion_window": "0h"}, "completion_window"),
        ({"completion_window": "1d"}, "completion_window"),
        ({"input_file_id": "file-0"}, "input_file_id"),
        ({"input_file_id": None}, "input_file_id"),
        ({"metadata": {str(each): "" for each in range(17)}}, "metadata"),
        ({"metadata": {"a": "x" * 513}}, "metadata"),
        ({"metadata": {"a": 1}}, "metadata.a"),
        ({"metadata": {"a" * 9000: 1}}, f"metadata.{'a' * 100}"),
        ({"request_params": {"instruction": "x" * 17_000}}, "request_params"),
        ({"output_expires_after": {"anchor": "created_at", "seconds": 60}}, "output_expires_after.seconds"),
        ({"priority": 1}, "priority"),
    ],
)
def test_a_wrong_batch_is_refused(batch_api: BatchApi, fields: Any, param: str) -> None:
    """
    By the name of the field, before anything is kept or queued.
    """
    refused = batch_api.ask("batch_create", wanted(batch_api) | fields)

    assert (refused.status, refused.json["error"]["param"]) == (400, param)
    assert (batch_api.messages(), batch_api.ask("batch_list").json["data"]) == ([], [])


def test_a_file_of_somebody_elses_is_no_input(batch_api: BatchApi) -> None:
    """
    It is as if there were none.
    """
    stranger, body = add_key(batch_api), wanted(batch_api)

    refused = batch_api.ask("batch_create", body, key=stranger)

    assert (refused.status, refused.json["error"]["param"]) == (400, "input_file_id")


@pytest.mark.parametrize("name", ["batch_show", "batch_cancel"])
def test_anothers_batch_is_like_an_unknown_one_to_the_byte(batch_api: BatchApi, name: str) -> None:
    """
    Nobody learns whether a batch exists, and nobody cancels what is not theirs.
    """
    stranger, batch_id = add_key(batch_api), batch_api.ask("batch_create", wanted(batch_api)).json["id"]

    foreign = batch_api.ask(name, key=stranger, at=batch_id)
    unknown = batch_api.ask(name, key=stranger, at="batch_0")

    assert (foreign.status, foreign.json["error"]["code"]) == (404, "unknown_batch")
    assert foreign.text == unknown.text
    assert batch_api.ask("batch_show", at=batch_id).json["status"] == "validating"
    assert batch_api.ask("batch_list", key=stranger).json["data"] == []


def test_a_batch_can_be_cancelled_once_and_again(batch_api: BatchApi) -> None:
    """
    It is on its way to its end, and asking once more changes nothing.
    """
    batch_id = batch_api.ask("batch_create", wanted(batch_api)).json["id"]

    cancelled = batch_api.ask("batch_cancel", at=batch_id)
    again = batch_api.ask("batch_cancel", at=batch_id)

    assert (cancelled.status, cancelled.json["status"]) == (200, "cancelling")
    assert {"batch": batch_id, "step": "cancel"} in batch_api.messages()
    assert cancelled.json["cancelling_at"] is not None
    assert again.json == cancelled.json


def test_a_batch_that_cannot_be_queued_is_none(batch_api: BatchApi) -> None:
    """
    The caller hears so and may ask again: nobody waits for what never begins.
    """
    body = wanted(batch_api)
    batch_api.client("sqs").delete_queue(QueueUrl=batch_api.queue_url)

    refused = batch_api.ask("batch_create", body)

    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert batch_api.ask("batch_list").json["data"] == []


def test_lists_go_on_behind_the_last(batch_api: BatchApi) -> None:
    """
    The newest first.
    """
    ids = [batch_api.ask("batch_create", wanted(batch_api)).json["id"] for _ in range(3)][::-1]

    first = batch_api.ask("batch_list", limit="2").json
    rest = batch_api.ask("batch_list", limit="2", after=first["last_id"]).json

    assert [each["id"] for each in (*first["data"], *rest["data"])] == ids
    assert (first["has_more"], rest["has_more"]) == (True, False)
