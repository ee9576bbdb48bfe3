"""Accounts in UsageTable: each change is one conditional write, of one item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from rerank_gateway.adapters.aws.account_updates import Names, balance_key, update
from rerank_gateway.adapters.aws.begun_call import begin_call
from rerank_gateway.adapters.aws.error_names import THROTTLING
from rerank_gateway.adapters.aws.json_api import AwsError, AwsJsonApi
from rerank_gateway.adapters.aws.patience import Patience
from rerank_gateway.adapters.aws.usage_items import DAY_PREFIX, USAGE_KEPT_S, Item
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply, TooManyWrites
from rerank_gateway.domain.spending.counters import Balance
from rerank_gateway.domain.spending.periods import epoch_of_day

T = TypeVar("T")
LIMITS = "the limits of this key"
ONCE = Patience(tries=1)
"""What counts must not be sent twice without anyone's knowing."""
TOO_MANY = THROTTLING | {"ProvisionedThroughputExceededException", "TransactionConflictException"}
"""The last is that of one item of a transaction, while the outcome of a job is recorded along with what it has cost."""
CONDITION_FAILED = ("ConditionalCheckFailedException", "TransactionCanceledException")


@dataclass(frozen=True, slots=True)
class DynamoAccounts(Accounts):
    """*dynamodb* sends each call but once."""

    table: str
    dynamodb: AwsJsonApi

    def apply(self, account: str, change: Change) -> Reply:
        return _reply(partial(self.dynamodb.call, "UpdateItem", self._update(account, change)))

    def begin(self, account: str, change: Change) -> Callable[[], Reply]:
        begun = _told(partial(begin_call, self.dynamodb, "UpdateItem", self._update(account, change)))

        return partial(_reply, begun)

    def archive(self, account: str, team: str, day: str, usage: Balance) -> Callable[[], bool]:
        names = Names()
        copied = [f"{names.name(name)} = {names.value(number)}" for name, number in usage.items()]
        copied.append(f"team = {names.value(team)}")
        copied.append(f"expires_at = {names.value(int(epoch_of_day(day)) + USAGE_KEPT_S)}")
        key = {"account": {"S": account}, "entry": {"S": f"{DAY_PREFIX}{day}"}}
        copy = {"TableName": self.table, "Key": key, "UpdateExpression": f"SET {', '.join(copied)}", **names.used}
        names = Names()
        unchanged = [f"{names.name(name)} = {names.value(number)}" for name, number in usage.items()]
        removed = {"UpdateExpression": f"REMOVE {', '.join(map(names.name, usage))}"}
        condition = {"ConditionExpression": " AND ".join(unchanged)}
        removal = {"TableName": self.table, "Key": balance_key(account), **removed, **condition, **names.used}
        # Both or neither: what others have counted and moved meanwhile would be written over by a copy of its own.
        moved = {"TransactItems": [{"Update": copy}, {"Update": removal}]}
        begun = _told(partial(begin_call, self.dynamodb, "TransactWriteItems", moved))

        return lambda: _reply(begun).is_applied

    def _update(self, account: str, change: Change) -> Mapping[str, Any]:
        balances = {"ReturnValues": "ALL_NEW", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}

        return update(self.table, account, change) | balances


def _reply(write: Callable[[], Mapping[str, Any]]) -> Reply:
    """What comes of a *write*."""
    try:
        written = _told(write)
    except AwsError as refused:
        return Reply(False, _balance(refused.reply.get("Item", {})))

    return Reply(True, _balance(written.get("Attributes", {})))


def _told(step: Callable[[], T]) -> T:
    """What *step* returns. Raises TooManyWrites or Unavailable, and the AwsError of a condition that does not hold."""
    try:
        return step()
    except AwsError as refused:
        if refused.name in TOO_MANY:
            raise TooManyWrites(refused.message, cause=refused.cause) from refused
        if refused.name not in CONDITION_FAILED:
            raise Unavailable(refused.message, cause=refused.cause, is_outage=refused.is_outage) from refused
        raise


def _balance(item: Item) -> Balance:
    return {name: int(value["N"]) for name, value in item.items() if "N" in value}
