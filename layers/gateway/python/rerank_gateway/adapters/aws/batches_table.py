"""BatchesTable: reads that see every write before them, and writes that happen only in the state they expect."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.batch_changes import Change, key
from rerank_gateway.adapters.aws.batch_get import BatchGet
from rerank_gateway.adapters.aws.batch_items import Item, to_attribute
from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.jobs_table import CONDITION_FAILED, is_conflict
from rerank_gateway.adapters.aws.repeated import repeated
from rerank_gateway.domain.batches.ports import Part

BATCHES = "the gateway's batches"
BY_OWNER = "by-owner"
MAX_CALLS = 5
"""For the items of one page, which are read again where DynamoDB has left some out."""
CONFLICT_PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds, about, after which a transaction is tried again that met another one: all chunks count into one item."""


@dataclass(frozen=True, slots=True)
class BatchesTable:
    """All methods raise Unavailable."""

    name: str

    def get(self, item_id: str, part: str) -> Item | None:
        with unavailable_on_aws_error(BATCHES):
            found = aws_client("dynamodb").get_item(TableName=self.name, Key=key(item_id, part), ConsistentRead=True)
        item: Item | None = found.get("Item")

        return item

    def get_all(self, item_ids: Collection[str], part: str) -> Mapping[str, Item]:
        """What there is of the same part of up to a hundred ids, by its id."""
        batch_get = BatchGet(_batch_get_item, self.name, BATCHES, MAX_CALLS)

        return batch_get([key(each, part) for each in dict.fromkeys(item_ids)])

    def put(self, item: Item, now: float) -> bool:
        """Write *item* unless its place is taken by what has not expired; whether it was not."""
        expected = "attribute_not_exists(#id) OR #expires_at <= :now"
        names = {"#id": "id", "#expires_at": "expires_at"}
        words = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": {":now": to_attribute(now)}}

        return (
            self._write("put_item", TableName=self.name, Item=item, ConditionExpression=expected, **words) is not None
        )

    def replace(self, item: Item) -> None:
        """Write *item* over what may be there."""
        with unavailable_on_aws_error(BATCHES):
            aws_client("dynamodb").put_item(TableName=self.name, Item=item)

    def update(self, change: Change) -> Item | None:
        """The item after its *change*; None where it is not as expected."""
        written = self._write("update_item", **change.request(self.name), ReturnValues="ALL_NEW")

        return written["Attributes"] if written else None

    def delete(self, expected: Change) -> None:
        self._write("delete_item", **expected.request(self.name))

    def transact(self, changes: Sequence[Change]) -> bool:
        """All *changes* or none of them; whether everything was as they expect."""
        updates = [{"Update": each.request(self.name)} for each in changes]

        def transact() -> bool:
            return self._write("transact_write_items", TransactItems=updates) is not None

        return repeated(transact, CONFLICT_PAUSES_S, is_conflict)

    def parts(self, item_id: str, prefix: str) -> Iterator[Item]:
        """The items of an id whose part begins with *prefix*, in the order of their parts."""
        values = {":id": {"S": item_id}, ":prefix": {"S": prefix}}
        condition = "id = :id AND begins_with(#part, :prefix)"
        words = {"ExpressionAttributeNames": {"#part": "part"}, "ExpressionAttributeValues": values}
        request = {"TableName": self.name, "KeyConditionExpression": condition, "ConsistentRead": True, **words}
        with unavailable_on_aws_error(BATCHES):
            for page in aws_client("dynamodb").get_paginator("query").paginate(**request):
                yield from page["Items"]

    def of_owner(self, owned: str, part: Part, after: Item | None) -> Sequence[Item]:
        """The keys of a *part* of what an owner has, behind the item *after*."""
        start = {"ExclusiveStartKey": {name: after[name] for name in PLACE} | {"owned": {"S": owned}}} if after else {}
        with unavailable_on_aws_error(BATCHES):
            found = aws_client("dynamodb").query(
                TableName=self.name,
                IndexName=BY_OWNER,
                KeyConditionExpression="owned = :owned",
                ExpressionAttributeValues={":owned": {"S": owned}},
                ScanIndexForward=part.oldest_first,
                Limit=part.limit,
                **start,
            )
        items: Sequence[Item] = found["Items"]

        return items

    def _write(self, operation: str, **request: Any) -> Any:
        """DynamoDB's response; None where something was not as expected."""
        from botocore.exceptions import ClientError

        with unavailable_on_aws_error(BATCHES):
            try:
                return getattr(aws_client("dynamodb"), operation)(**request)
            except ClientError as refused:
                if not _is_unexpected(refused.response):
                    raise
                return None


PLACE = ("id", "part", "created_at")
"""Where an item is among its owner's, also after it was taken from there."""


def _batch_get_item(request: Mapping[str, Any]) -> Mapping[str, Any]:
    with unavailable_on_aws_error(BATCHES):
        found: Mapping[str, Any] = aws_client("dynamodb").batch_get_item(**request)

    return found


def _is_unexpected(response: Mapping[str, Any]) -> bool:
    reasons = {reason.get("Code") for reason in response.get("CancellationReasons", ())}

    return response["Error"]["Code"] == CONDITION_FAILED or CONDITION_FAILED.removesuffix("Exception") in reasons
