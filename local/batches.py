"""SQS in Lambda's words: messages become an event, and a function's result says which of them must come again."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

Message = Mapping[str, Any]
"""A message as boto3 receives it."""


def event_of(messages: Iterable[Message], queue: str) -> dict[str, Any]:
    """The event for *messages* from the *queue* with this ARN."""
    return {"Records": [_record(message, queue) for message in messages]}


def _record(message: Message, queue: str) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    checked = {"md5OfMessageAttributes": message["MD5OfMessageAttributes"]} if attributes else {}

    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {name: _attribute(said) for name, said in attributes.items()},
        "md5OfBody": message["MD5OfBody"],
        **checked,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue,
        "awsRegion": queue.split(":")[3],
    }


def _attribute(said: Mapping[str, Any]) -> dict[str, Any]:
    if "BinaryValue" in said:
        value = {"binaryValue": b64encode(said["BinaryValue"]).decode()}
    else:
        value = {"stringValue": said["StringValue"]}

    return {**value, "stringListValues": [], "binaryListValues": [], "dataType": said["DataType"]}


def must_come_again(result: Any) -> set[str]:
    """The ids of the messages that a function has not finished, by its *result*. Raises when that is no such result."""
    if not result:
        return set()

    return {failure["itemIdentifier"] for failure in result.get("batchItemFailures") or ()}
