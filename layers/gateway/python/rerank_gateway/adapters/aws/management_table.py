"""KeysTable for those who write it: reads that see every write before them, and transactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.key_items import Item
from rerank_gateway.adapters.aws.management_items import to_attribute
from rerank_gateway.domain.management.records import Changes, Value

KEYS = "the key store"
CANCELLED = "TransactionCanceledException"
OTHERS_FIRST = {"ConditionalCheckFailed", "TransactionConflict", "None"}
"""Why a transaction is cancelled when things are not as expected, or when another one is under way."""

Write: TypeAlias = Mapping[str, Mapping[str, Any]]
"""One of a transaction's, less the name of the table."""


EXISTS, IS_NEW = "attribute_exists(key_hash)", "attribute_not_exists(key_hash)"


@dataclass(frozen=True, slots=True)
class ManagementTable:
    """All methods raise Unavailable."""

    name: str

    def get(self, key_hash: str) -> Item | None:
        with unavailable_on_aws_error(KEYS):
            found = aws_client("dynamodb").get_item(
                TableName=self.name, Key={"key_hash": {"S": key_hash}}, ConsistentRead=True
            )
        item: Item | None = found.get("Item")

        return item

    def all(self) -> Iterator[Item]:
        with unavailable_on_aws_error(KEYS):
            pages = aws_client("dynamodb").get_paginator("scan").paginate(TableName=self.name, ConsistentRead=True)
            for page in pages:
                yield from page["Items"]

    def write(self, writes: Sequence[Write]) -> bool:
        """All of *writes* or none of them; whether everything was as they expect."""
        from botocore.exceptions import ClientError

        named = [{kind: {"TableName": self.name, **options} for kind, options in each.items()} for each in writes]
        with unavailable_on_aws_error(KEYS):
            try:
                # boto3 gives it a token of its own, so that one which is sent again is done once.
                aws_client("dynamodb").transact_write_items(TransactItems=named)
            except ClientError as refused:
                if not _came_too_late(refused.response):
                    raise
                return False

        return True


def put(item: Item) -> Write:
    """A new *item*."""
    return {"Put": {"Item": item, "ConditionExpression": IS_NEW}}


def update(key_hash: str, changes: Changes, expected: Mapping[str, Value] | None = None, **added: int) -> Write:
    """
    *changes* of an item that is there and whose attributes are as *expected*, by name; None is for one that is not
    there. *added* is added to what the attributes are.
    """
    kept = {name: value for name, value in changes.items() if value is not None}
    steps = (
        ("SET", [f"#{name} = :{name}" for name in kept]),
        ("REMOVE", [f"#{name}" for name in changes if name not in kept]),
        ("ADD", [f"#{name} :{name}" for name in added]),
    )
    condition, seen = _condition(expected or {})
    values = {f":{name}": to_attribute(value) for name, value in {**kept, **added}.items()} | seen

    return {
        "Update": {
            "Key": {"key_hash": {"S": key_hash}},
            "UpdateExpression": " ".join(f"{verb} {', '.join(parts)}" for verb, parts in steps if parts),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {f"#{name}": name for name in {*changes, *added, *(expected or {})}},
            "ExpressionAttributeValues": values,
        }
    }


def delete(key_hash: str, expected: Mapping[str, Value] | None = None) -> Write:
    """The end of an item that is there and as *expected*."""
    condition, seen = _condition(expected or {})
    names = {f"#{name}": name for name in expected or {}}
    words = {"ExpressionAttributeNames": names} if names else {}
    words |= {"ExpressionAttributeValues": seen} if seen else {}

    return {"Delete": {"Key": {"key_hash": {"S": key_hash}}, "ConditionExpression": condition, **words}}


def _condition(expected: Mapping[str, Value]) -> tuple[str, dict[str, Any]]:
    tests = [
        f"attribute_not_exists(#{name})" if value is None else f"#{name} = :seen_{name}"
        for name, value in expected.items()
    ]
    seen = {f":seen_{name}": to_attribute(value) for name, value in expected.items() if value is not None}

    return " AND ".join([EXISTS, *tests]), seen


def _came_too_late(response: Any) -> bool:
    reasons = {reason.get("Code", "None") for reason in response.get("CancellationReasons", ())}

    return response["Error"]["Code"] == CANCELLED and reasons <= OTHERS_FIRST
