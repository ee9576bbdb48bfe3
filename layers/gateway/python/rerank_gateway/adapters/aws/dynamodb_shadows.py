"""Comparisons with shadows in UsageTable: an item for each day and pair, to which one write adds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.account_updates import Names
from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.domain.shadows.counts import Counts, ShadowRecords
from rerank_gateway.domain.shadows.question import Pair
from rerank_gateway.domain.spending.periods import epoch_of_day

ACCOUNT = "shadows"
"""No key's and no team's, whose accounts have a # in their names."""
KEPT_S = 180 * 86_400
"""Seconds for which a day is kept."""
BEHIND_ALL = "~"
"""In the order of sort keys, behind whatever begins with the same day."""
RECORDS = "the record of shadows"


@dataclass(frozen=True, slots=True)
class DynamoShadowRecords(ShadowRecords):
    table: str

    def add(self, day: str, pair: Pair, counts: Counts) -> None:
        names = Names()
        added = [f"{names.name(name)} {names.value(number)}" for name, number in counts.items()]
        expiry = f"expires_at = {names.value(int(epoch_of_day(day)) + KEPT_S)}"
        with unavailable_on_aws_error(RECORDS, "dynamodb.UpdateItem"):
            aws_client("dynamodb").update_item(
                TableName=self.table,
                Key={"account": {"S": ACCOUNT}, "entry": {"S": f"{day} {json.dumps(pair)}"}},
                UpdateExpression=f"ADD {', '.join(added)} SET {expiry}",
                **names.used,
            )

    def between(self, first: str, last: str) -> Iterable[tuple[str, Pair, Counts]]:
        values = {":account": ACCOUNT, ":first": first, ":last": f"{last}{BEHIND_ALL}"}
        with unavailable_on_aws_error(RECORDS):
            pages = (
                aws_client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=self.table,
                    KeyConditionExpression="account = :account AND entry BETWEEN :first AND :last",
                    ExpressionAttributeValues={name: {"S": value} for name, value in values.items()},
                    ConsistentRead=True,
                )
            )
            yield from (_read(item) for page in pages for item in page["Items"])


def _read(item: dict[str, Any]) -> tuple[str, Pair, Counts]:
    day, _, pair = item["entry"]["S"].partition(" ")
    counts = {name: int(value["N"]) for name, value in item.items() if "N" in value and name != "expires_at"}

    return day, Pair(*json.loads(pair)), counts
