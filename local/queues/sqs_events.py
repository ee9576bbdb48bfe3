"""SQS in Lambda's words: messages become an event, and a function's result says which of them have failed."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Mapping
from typing import Any

Message = Mapping[str, Any]
"""A message as boto3 receives it."""


def to_sqs_event(messages: Iterable[Message], queue_arn: str) -> dict[str, Any]:
    """The event for *messages* from the queue with this ARN."""
    return {"Records": [_record(message, queue_arn) for message in messages]}


def _record(message: Message, queue_arn: str) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    checksum = {"md5OfMessageAttributes": message["MD5OfMessageAttributes"]} if attributes else {}

    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {name: _attribute(attribute) for name, attribute in attributes.items()},
        "md5OfBody": message["MD5OfBody"],
        **checksum,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }


def _attribute(attribute: Mapping[str, Any]) -> dict[str, Any]:
    if "BinaryValue" in attribute:
        value = {"binaryValue": b64encode(attribute["BinaryValue"]).decode()}
    else:
        value = {"stringValue": attribute["StringValue"]}

    return {**value, "stringListValues": [], "binaryListValues": [], "dataType": attribute["DataType"]}


def failed_message_ids(result: Any) -> set[str]:
    """The messages that a function asks to be redelivered, by its *result*. Raises when that is no such result."""
    if not result:
        return set()

    return {failure["itemIdentifier"] for failure in result.get("batchItemFailures") or ()}
