"""Accounts in UsageTable: each change is one conditional write, of one item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.account_updates import Names, balance_key, update
from rerank_gateway.adapters.aws.error_names import THROTTLING
from rerank_gateway.adapters.aws.json_api import AwsError, AwsJsonApi, Patience
from rerank_gateway.adapters.aws.usage_items import DAY_PREFIX, USAGE_KEPT_S, Item
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply, TooManyWrites
from rerank_gateway.domain.spending.counters import Balance
from rerank_gateway.domain.spending.periods import epoch_of_day

LIMITS = "the limits of this key"
ONCE = Patience(tries=1)
"""What counts must not be sent twice without anyone's knowing."""
TOO_MANY = THROTTLING | {"ProvisionedThroughputExceededException"}
CONDITION_FAILED = "ConditionalCheckFailedException"


@dataclass(frozen=True, slots=True)
class DynamoAccounts(Accounts):
    """*dynamodb* sends each call but once."""

    table: str
    dynamodb: AwsJsonApi

    def apply(self, account: str, change: Change) -> Reply:
        return self._update(
            update(self.table, account, change),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )

    def archive(self, account: str, team: str, day: str, usage: Balance) -> None:
        names = Names()
        copied = [f"{names.name(name)} = {names.value(number)}" for name, number in usage.items()]
        copied.append(f"team = {names.value(team)}")
        copied.append(f"expires_at = {names.value(int(epoch_of_day(day)) + USAGE_KEPT_S)}")
        key = {"account": {"S": account}, "entry": {"S": f"{DAY_PREFIX}{day}"}}
        self._update(
            {"TableName": self.table, "Key": key, "UpdateExpression": f"SET {', '.join(copied)}", **names.used}
        )
        names = Names()
        unchanged = [f"{names.name(name)} = {names.value(number)}" for name, number in usage.items()]
        removed = {"UpdateExpression": f"REMOVE {', '.join(map(names.name, usage))}"}
        condition = {"ConditionExpression": " AND ".join(unchanged)}
        self._update({"TableName": self.table, "Key": balance_key(account), **removed, **condition, **names.used})

    def _update(self, request: Mapping[str, Any], **options: str) -> Reply:
        try:
            written = self.dynamodb.call("UpdateItem", {**request, **options})
        except AwsError as refused:
            if refused.name in TOO_MANY:
                raise TooManyWrites(refused.message, cause=refused.cause) from refused
            if refused.name != CONDITION_FAILED:
                raise Unavailable(refused.message, cause=refused.cause, is_outage=refused.is_outage) from refused
            return Reply(False, _balance(refused.reply.get("Item", {})))

        return Reply(True, _balance(written.get("Attributes", {})))


def _balance(item: Item) -> Balance:
    return {name: int(value["N"]) for name, value in item.items() if "N" in value}
