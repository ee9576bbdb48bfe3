"""UsageTable, as reports read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.usage_items import BALANCE, DAY_PREFIX, Item, to_entries, to_spending
from rerank_gateway.domain.spending.limits import Reset
from rerank_gateway.domain.spending.periods import first_days
from rerank_gateway.domain.spending.ports import UsageReader
from rerank_gateway.domain.spending.usage import Spending, UsageEntry

USAGE = "the record of usage"


@dataclass(frozen=True, slots=True)
class DynamoUsageReader(UsageReader):
    table: str

    def entries(self, first: str, last: str, account: str | None = None) -> Iterable[UsageEntry]:
        by_account: dict[str, list[Item]] = {}
        for item in self._one(account) if account else self._all(first, last):
            by_account.setdefault(item["account"]["S"], []).append(item)
        for name, items in by_account.items():
            if name.startswith("key#"):
                items.sort(key=lambda item: str(item["entry"]["S"]))
                yield from (entry for entry in to_entries(name, items) if first <= entry.day <= last)

    def spending(self, account: str, reset: Reset | None, now: float) -> Spending:
        key = {"account": {"S": account}, "entry": {"S": BALANCE}}
        # The balance before the days: what is moved in between is in both, and not in neither.
        with unavailable_on_aws_error(USAGE, "dynamodb.GetItem"):
            found = aws_client("dynamodb").get_item(TableName=self.table, Key=key, ConsistentRead=True)
        values = {":account": {"S": account}, ":since": {"S": f"{DAY_PREFIX}{min(first_days(now))}"}}
        days = self._pages("query", values, KeyConditionExpression="account = :account AND entry >= :since")
        balance = [found["Item"]] if "Item" in found else []

        return to_spending([*balance, *days], reset, now)

    def _all(self, first: str, last: str) -> Iterator[Item]:
        days = {":first": {"S": f"{DAY_PREFIX}{first}"}, ":last": {"S": f"{DAY_PREFIX}{last}"}}
        values, wanted = {":balance": {"S": BALANCE}, **days}, "entry = :balance OR entry BETWEEN :first AND :last"

        # All of the table, and no index: that would double what each write costs, and reports are few.
        return self._pages("scan", values, FilterExpression=wanted)

    def _one(self, account: str) -> Iterator[Item]:
        return self._pages("query", {":account": {"S": account}}, KeyConditionExpression="account = :account")

    def _pages(self, operation: str, values: dict[str, Any], **options: str) -> Iterator[Item]:
        with unavailable_on_aws_error(USAGE):
            paginator = aws_client("dynamodb").get_paginator(operation)
            names = {"TableName": self.table, "ExpressionAttributeValues": values}
            for page in paginator.paginate(ConsistentRead=True, **names, **options):
                yield from page["Items"]
