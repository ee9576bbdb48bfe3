"""WebhooksTable and the queue of webhooks: what is written is read, and what is no longer so is not written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_webhooks import DynamoDeliveries, DynamoEndpoints
from rerank_gateway.adapters.aws.json_api import DYNAMODB, SQS
from rerank_gateway.adapters.aws.webhook_items import endpoint_item
from rerank_gateway.adapters.aws.webhook_queue import SqsWebhookQueue
from rerank_gateway.adapters.aws.webhooks_table import WebhooksTable
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.webhooks.deliveries import Attempt, Delivery, DeliveryStatus
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.events import EventType, WebhookEvent, WebhookMessage
from rerank_gateway.domain.webhooks.ports import DeliveryStore, EndpointStore
from rerank_gateway.domain.webhooks.signatures import Secrets
from tests.embedded_aws import aws_api
from tests.tables import webhooks_table
from tests.webhook_fakes import NEXT_SECRET, SECRET, InMemoryDeliveries, InMemoryEndpoints, message

Stores = tuple[EndpointStore, DeliveryStore]
MADE = Endpoint("a", "https://a.example/", (EventType.JOB_FAILED,), False, "", 1000.25, 1000.25, "master")
DELIVERY = Delivery.of(message("a"), 1000.0)


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        return InMemoryEndpoints({}, {}), InMemoryDeliveries()
    client: Callable[[str], Any] = request.getfixturevalue("embedded_aws")
    webhooks_table(client)
    table = WebhooksTable("webhooks", aws_api(DYNAMODB))

    return DynamoEndpoints(table), DynamoDeliveries(table)


def test_an_endpoint_is_kept_as_it_is(stores: Stores) -> None:
    """
    With its secret, under a name that is taken then.
    """
    endpoints, _ = stores

    assert endpoints.add(MADE, SECRET)
    assert not endpoints.add(replace(MADE, url="https://b.example/"), NEXT_SECRET)
    assert endpoints.find("a") == MADE
    assert endpoints.secrets("a") == Secrets(SECRET)
    assert (endpoints.find("b"), endpoints.secrets("b")) == (None, None)


def test_endpoints_are_listed_by_name(stores: Stores) -> None:
    """
    All of them, and nothing else.
    """
    endpoints, deliveries = stores
    for name in "cab":
        endpoints.add(replace(MADE, name=name), SECRET)
    deliveries.add(DELIVERY)

    assert [endpoint.name for endpoint in endpoints.all()] == ["a", "b", "c"]


def test_a_change_comes_after_the_one_before(stores: Stores) -> None:
    """
    Of two that saw the same the later one is none, nor is one of what is gone.
    """
    endpoints, _ = stores
    endpoints.add(MADE, SECRET)
    first, second = (replace(MADE, url=url, version=2) for url in ("https://b.example/", "https://c.example/"))

    assert [endpoints.change(each) for each in (first, second)] == [True, False]
    assert endpoints.find("a") == first
    assert [endpoints.remove("a") for _ in range(2)] == [True, False]
    assert (endpoints.find("a"), endpoints.secrets("a")) == (None, None)


def test_a_change_is_one_of_the_endpoint_that_was_seen(stores: Stores) -> None:
    """
    And none of another one, which has got its name since, and which has changed as often.
    """
    endpoints, _ = stores
    endpoints.add(MADE, SECRET)
    endpoints.remove("a")
    other = replace(MADE, url="https://b.example/", created_at=2000.25)
    endpoints.add(other, NEXT_SECRET)

    assert not endpoints.change(replace(MADE, disabled=True, version=2))
    assert endpoints.find("a") == other


def test_a_secret_is_rotated_once(stores: Stores) -> None:
    """
    By whoever saw the one that is there.
    """
    endpoints, _ = stores
    endpoints.add(MADE, SECRET)
    seen = endpoints.secrets("a")
    assert seen
    rotated = seen.rotated(NEXT_SECRET, 1000.25, 1000.25)

    assert [endpoints.rotate("a", seen, rotated) for _ in range(2)] == [True, False]
    assert endpoints.secrets("a") == Secrets(NEXT_SECRET, ((SECRET, 2000.5),))


def test_a_delivery_is_kept_once(stores: Stores) -> None:
    """
    Whoever adds it a second time gets what has become of it.
    """
    _, deliveries = stores
    attempt = Attempt(1000.5, 12, failure="timed_out")
    tried = replace(DELIVERY, attempts=(attempt,), tries=1, next_at=1005.5, version=2)

    assert deliveries.add(DELIVERY) == DELIVERY
    assert deliveries.change(tried)
    assert not deliveries.change(replace(tried, status=DeliveryStatus.FAILED))
    assert deliveries.add(DELIVERY) == deliveries.find("a", DELIVERY.id) == tried
    assert deliveries.find("b", DELIVERY.id) is None


def test_deliveries_come_in_pages(stores: Stores) -> None:
    """
    The newest first; each endpoint has its own.
    """
    _, deliveries = stores
    made = [Delivery.of(message("a", at=float(moment)), 1000.0) for moment in (7, 900, 80)]
    for delivery in (*made, Delivery.of(message("b"), 1000.0)):
        deliveries.add(delivery)

    first, has_more = deliveries.page("a", 2, None)
    rest, is_more = deliveries.page("a", 2, first[-1].id)

    assert [each.event.at for each in (*first, *rest)] == [900.0, 80.0, 7.0]
    assert (has_more, is_more) == (True, False)


def test_a_list_is_whole_however_large_it_is(stores: Stores) -> None:
    """
    DynamoDB reads a megabyte at a time.
    """
    endpoints, deliveries = stores
    long = "x" * 200_000
    for number in range(7):
        endpoints.add(replace(MADE, name=str(number), url=long), SECRET)
        told = WebhookEvent(EventType.TEST, "s", float(number), {"long": long})
        deliveries.add(Delivery.of(WebhookMessage("a", told), 1000.0))

    page, has_more = deliveries.page("a", 6, None)

    assert [endpoint.name for endpoint in endpoints.all()] == list("0123456")
    assert ([each.event.at for each in page], has_more) == ([6.0, 5.0, 4.0, 3.0, 2.0, 1.0], True)


def test_no_endpoint_is_left_out(embedded_aws: Any) -> None:
    """
    However many there are.
    """
    webhooks_table(embedded_aws)
    names = [f"{number:04}" for number in range(1_010)]
    for start in range(0, len(names), 25):
        puts = [{"PutRequest": {"Item": endpoint_item(replace(MADE, name=name))}} for name in names[start : start + 25]]
        embedded_aws("dynamodb").batch_write_item(RequestItems={"webhooks": puts})

    listed = DynamoEndpoints(WebhooksTable("webhooks", aws_api(DYNAMODB))).all()

    assert [endpoint.name for endpoint in listed] == names


def test_a_message_arrives_as_it_was_sent(embedded_aws: Any) -> None:
    """
    Whatever is in its data, and under its endpoint's name, by which SQS is fair to the others; it can be hidden for
    longer than SQS allows, which is as long as that is.
    """
    sqs = embedded_aws("sqs")
    queue = SqsWebhookQueue(sqs.create_queue(QueueName="webhooks")["QueueUrl"], aws_api(SQS))
    sent = message("a", run=3)

    queue.send(sent)

    [received] = sqs.receive_message(QueueUrl=queue.url, AttributeNames=["All"])["Messages"]
    record = {"body": received["Body"], "receiptHandle": received["ReceiptHandle"]}
    assert queue.parse_record(record) == sent
    assert received["Attributes"]["MessageGroupId"] == "a"
    queue.extend_visibility(record, 86_400.0)


def test_what_is_away_is_unavailable(embedded_aws: Any) -> None:
    """
    The table and the queue.
    """
    endpoints = DynamoEndpoints(WebhooksTable("away", aws_api(DYNAMODB)))

    for call in (
        lambda: endpoints.find("a"),
        endpoints.all,
        lambda: endpoints.add(MADE, SECRET),
        lambda: endpoints.change(MADE),
        lambda: SqsWebhookQueue("http://127.0.0.1:9/away", aws_api(SQS)).send(message()),
    ):
        with pytest.raises(Unavailable):
            call()
