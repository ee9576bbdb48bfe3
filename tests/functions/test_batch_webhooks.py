"""Whom a batch tells of its end: the webhook that its maker names, or the key's own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.entry.wiring.batches import BATCHES
from tests.functions.account import Account
from tests.functions.admin import MASTER, Admin
from tests.functions.conftest import Configure
from tests.functions.files import BatchApi
from tests.functions.gateway import Response, event
from tests.functions.test_batches_api import LEAST
from tests.functions.test_files import add_key
from tests.functions.webhooks import Webhooks
from tests.tables import webhooks_table


@pytest.fixture
def named(batch_api: BatchApi, configure: Configure) -> BatchApi:
    """With two webhooks, `orders` and `disabled`."""
    webhooks_table(batch_api.client)
    url = batch_api.client("sqs").create_queue(QueueName="webhooks")["QueueUrl"]
    configure(WEBHOOKS_TABLE="webhooks", WEBHOOKS_QUEUE_URL=url, WEBHOOKS_TO_LOOPBACK="true")
    webhooks = Webhooks(Account(batch_api.client, ""), Admin(batch_api.client), url)
    webhooks.register("http://127.0.0.1:9000/")
    webhooks.register("http://127.0.0.1:9001/", "disabled", disabled=True)

    return batch_api


def create(api: BatchApi, headers: dict[str, str], file_id: str) -> Response:
    sent: dict[str, Any] = event("batch_create")
    sent["headers"] |= headers

    return api.answer(sent | {"body": json.dumps(LEAST | {"input_file_id": file_id})})


def told_of(made: Response) -> str:
    """The webhook of the batch in that answer."""
    batch = BATCHES.batch_work.find(made.json["id"])
    assert batch is not None

    return batch.webhook


def test_the_header_names_the_webhook(named: BatchApi) -> None:
    """
    Without it the master key tells nobody.
    """
    file_id = named.store().json["id"]

    made = create(named, {"x-bf-async-webhook": "orders"}, file_id)
    other = create(named, {}, file_id)

    assert (made.status, told_of(made), told_of(other)) == (200, "orders", "")


@pytest.mark.parametrize("name", ["nobody", "", "no such name", "x" * 65, "disabled"])
def test_a_webhook_that_is_none_is_refused_at_once(named: BatchApi, name: str) -> None:
    """
    With the header's name, and before anything is kept or queued.
    """
    refused = create(named, {"x-bf-async-webhook": name}, named.store().json["id"])

    assert (refused.status, refused.json["error"]["param"]) == (400, "x-bf-async-webhook")
    assert (named.messages(), named.ask("batch_list").json["data"]) == ([], [])


def test_a_key_has_a_webhook_of_its_own(named: BatchApi) -> None:
    """
    For batches that name none; one that is gone meanwhile is in nobody's way.
    """
    token = add_key(named, webhook={"S": "gone"})
    headers = {"authorization": f"Bearer {token}"}
    file_id = named.store(key=token).json["id"]

    own = create(named, headers, file_id)
    other = create(named, {**headers, "x-bf-async-webhook": "orders"}, file_id)

    assert (own.status, told_of(own), told_of(other)) == (200, "gone", "orders")


def test_the_same_idempotency_key_is_the_same_batch_whatever_webhook_it_names(named: BatchApi) -> None:
    """
    Its own stays the one that it was made with: a key's webhook may be another one by now, and the body is the same.
    """
    file_id, key = named.store().json["id"], {"idempotency-key": "k", "authorization": f"Bearer {MASTER}"}

    first = create(named, key | {"x-bf-async-webhook": "orders"}, file_id)
    again = create(named, key, file_id)

    assert (first.status, first.json) == (200, again.json)
    assert told_of(again) == "orders"
