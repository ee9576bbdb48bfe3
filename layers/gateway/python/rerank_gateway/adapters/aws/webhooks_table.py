"""WebhooksTable: reads that see every write before them, and writes that happen only in the state they expect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.job_items import to_attributes
from rerank_gateway.adapters.aws.webhook_items import Item, key

WEBHOOKS = "the record of webhooks"
CONDITION_FAILED = "ConditionalCheckFailed"
NEW = "attribute_not_exists(entry)"


@dataclass(frozen=True, slots=True)
class WebhooksTable:
    """All methods raise Unavailable."""

    name: str

    def get(self, kind: str, entry: str) -> Item | None:
        with unavailable_on_aws_error(WEBHOOKS):
            found = aws_client("dynamodb").get_item(TableName=self.name, Key=key(kind, entry), ConsistentRead=True)
        item: Item | None = found.get("Item")

        return item

    def put(self, item: Item, expected: str, **values: str | float) -> bool:
        """Write *item* where what is there is as *expected*; whether it was."""
        return self._write("put_item", **self.to_put(item, expected, **values))

    def together(self, writes: Sequence[Mapping[str, Any]]) -> bool:
        """All of *writes*, or none; whether everything was as they expect."""
        return self._write("transact_write_items", TransactItems=writes)

    def to_put(self, item: Item, expected: str, **values: str | float) -> dict[str, Any]:
        named = to_attributes({f":{name}": value for name, value in values.items()})
        words = {"ExpressionAttributeValues": named} if named else {}

        return {"TableName": self.name, "Item": item, "ConditionExpression": expected, **words}

    def to_delete(self, kind: str, entry: str, expected: str) -> dict[str, Any]:
        return {"TableName": self.name, "Key": key(kind, entry), "ConditionExpression": expected}

    def page(self, kind: str, limit: int, after: str | None) -> Sequence[Item]:
        """At most *limit* of a *kind*, backwards, from before the entry *after* on."""
        values = {":kind": kind, **({":after": after} if after is not None else {})}
        condition = "kind = :kind" + (" AND entry < :after" if after is not None else "")
        with unavailable_on_aws_error(WEBHOOKS):
            found = aws_client("dynamodb").query(
                TableName=self.name,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=to_attributes(values),
                ScanIndexForward=False,
                Limit=limit,
                ConsistentRead=True,
            )
        items: Sequence[Item] = found["Items"]

        return items

    def _write(self, operation: str, **request: Any) -> bool:
        from botocore.exceptions import ClientError

        with unavailable_on_aws_error(WEBHOOKS):
            try:
                getattr(aws_client("dynamodb"), operation)(**request)
            except ClientError as refused:
                if not _is_unexpected(refused.response):
                    raise
                return False

        return True


def _is_unexpected(response: Any) -> bool:
    """Whether something was not as expected: in a transaction, and nothing else was in its way."""
    reasons = {reason.get("Code", "None") for reason in response.get("CancellationReasons", ())} - {"None"}

    return reasons == {CONDITION_FAILED} or bool(response["Error"]["Code"] == f"{CONDITION_FAILED}Exception")
