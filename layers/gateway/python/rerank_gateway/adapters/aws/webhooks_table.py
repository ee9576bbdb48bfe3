"""WebhooksTable: reads that see every write before them, and writes that happen only in the state they expect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import uuid4

from rerank_gateway.adapters.aws.job_items import to_attributes
from rerank_gateway.adapters.aws.json_api import AwsError, AwsJsonApi
from rerank_gateway.adapters.aws.webhook_items import Item, key

WEBHOOKS = "the record of webhooks"
CONDITION_FAILED = "ConditionalCheckFailed"
NEW = "attribute_not_exists(entry)"


@dataclass(frozen=True, slots=True)
class WebhooksTable:
    """All methods raise Unavailable."""

    name: str
    dynamodb: AwsJsonApi

    def get(self, kind: str, entry: str) -> Item | None:
        request = {"TableName": self.name, "Key": key(kind, entry), "ConsistentRead": True}
        item: Item | None = self.dynamodb.call("GetItem", request).get("Item")

        return item

    def put(self, item: Item, expected: str, **values: str | float) -> bool:
        """Write *item* where what is there is as *expected*; whether it was."""
        return self._write("PutItem", self.to_put(item, expected, **values))

    def together(self, writes: Sequence[Mapping[str, Any]]) -> bool:
        """All of *writes*, or none; whether everything was as they expect."""
        return self._write("TransactWriteItems", {"TransactItems": writes, "ClientRequestToken": str(uuid4())})

    def to_put(self, item: Item, expected: str, **values: str | float) -> dict[str, Any]:
        named = to_attributes({f":{name}": value for name, value in values.items()})
        words = {"ExpressionAttributeValues": named} if named else {}

        return {"TableName": self.name, "Item": item, "ConditionExpression": expected, **words}

    def to_delete(self, kind: str, entry: str, expected: str) -> dict[str, Any]:
        return {"TableName": self.name, "Key": key(kind, entry), "ConditionExpression": expected}

    def all(self, kind: str) -> Sequence[Item]:
        """Everything of a *kind*, forwards."""
        values = to_attributes({":kind": kind})

        return list(self._items({"KeyConditionExpression": "kind = :kind", "ExpressionAttributeValues": values}))

    def page(self, kind: str, limit: int, after: str | None) -> Sequence[Item]:
        """At most *limit* of a *kind*, backwards, from before the entry *after* on."""
        values = {":kind": kind, **({":after": after} if after is not None else {})}
        query = {
            "KeyConditionExpression": "kind = :kind" + (" AND entry < :after" if after is not None else ""),
            "ExpressionAttributeValues": to_attributes(values),
            "ScanIndexForward": False,
            "Limit": limit,
        }

        return list(islice(self._items(query), limit))

    def _items(self, query: Mapping[str, Any]) -> Iterator[Item]:
        """All that *query* finds. DynamoDB reads a megabyte at a time, be that less than its limit."""
        rest: Mapping[str, Any] | None = {}
        while rest is not None:
            found = self.dynamodb.call("Query", {"TableName": self.name, "ConsistentRead": True, **query, **rest})
            yield from found["Items"]
            last = found.get("LastEvaluatedKey")
            rest = {"ExclusiveStartKey": last} if last else None

    def _write(self, operation: str, request: Mapping[str, Any]) -> bool:
        try:
            self.dynamodb.call(operation, request)
        except AwsError as refused:
            if not _is_unexpected(refused):
                raise
            return False

        return True


def _is_unexpected(error: AwsError) -> bool:
    """Whether something was not as expected: in a transaction, and nothing else was in its way."""
    reasons = {reason.get("Code", "None") for reason in error.reply.get("CancellationReasons", ())} - {"None"}

    return reasons == {CONDITION_FAILED} or error.name == f"{CONDITION_FAILED}Exception"
