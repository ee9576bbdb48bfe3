"""SQS messages into events and results into what has failed, as Lambda does it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.queues.sqs_events import failed_message_ids, to_sqs_event

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:JobsQueue"
EVENT = json.loads((Path(__file__).parents[2] / "events/worker.json").read_text("utf-8"))


def received(record: dict[str, Any]) -> dict[str, Any]:
    """The message behind a recorded *record*, as boto3 receives it."""
    attributes = {
        name: {"StringValue": attribute["stringValue"], "DataType": attribute["dataType"]}
        for name, attribute in record["messageAttributes"].items()
    }

    return {
        "MessageId": record["messageId"],
        "ReceiptHandle": record["receiptHandle"],
        "Body": record["body"],
        "MD5OfBody": record["md5OfBody"],
        "MD5OfMessageAttributes": "of attributes",
        "Attributes": record["attributes"],
        "MessageAttributes": attributes,
    }


def test_messages_become_the_event_that_lambda_gets() -> None:
    """
    The messages behind our recorded event come out as this event, with the attributes' sum that Lambda has, too.
    """
    event = to_sqs_event([received(record) for record in EVENT["Records"]], QUEUE)

    result_count = [{**record, "md5OfMessageAttributes": "of attributes"} for record in EVENT["Records"]]
    assert event == {"Records": result_count}


def test_a_message_may_have_no_attributes() -> None:
    """
    Where a message has none, boto3 does not name them and Lambda says {}.
    """
    message = received(EVENT["Records"][0])
    del message["MessageAttributes"], message["MD5OfMessageAttributes"]

    [record] = to_sqs_event([message], QUEUE)["Records"]

    assert record["messageAttributes"] == {}
    assert "md5OfMessageAttributes" not in record


def test_an_attribute_may_be_bytes() -> None:
    """
    Bytes become base64.
    """
    message = received(EVENT["Records"][0])
    message["MessageAttributes"] = {"blob": {"BinaryValue": b"\0\xff", "DataType": "Binary"}}

    [record] = to_sqs_event([message], QUEUE)["Records"]

    result_count = {"binaryValue": "AP8=", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"}
    assert record["messageAttributes"] == {"blob": result_count}


@pytest.mark.parametrize("result", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_no_failures_no_redelivery(result: object) -> None:
    """
    A function that names no message has finished all.
    """
    assert failed_message_ids(result) == set()


def test_failures_are_redelivered() -> None:
    """
    The messages that a function names are redelivered.
    """
    result = {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]}

    assert failed_message_ids(result) == {"1", "2"}


@pytest.mark.parametrize("result", ["done", {"batchItemFailures": [{"id": "1"}]}])
def test_what_is_no_result_fails_the_batch(result: object) -> None:
    """
    A result that says nothing about the messages is an error, as on Lambda.
    """
    with pytest.raises((AttributeError, KeyError)):
        failed_message_ids(result)
