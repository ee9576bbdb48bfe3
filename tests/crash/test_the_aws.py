"""The AWS that these tests rest on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from tests.crash.account import Account

WRITERS = 50
ROUNDS = 5


def test_of_fifty_conditional_writes_at_once_one_gets_through(account: Account) -> None:
    """
    All of them expect the same state, and one finds it. Without its lock, this AWS lets several through.
    """
    with ThreadPoolExecutor(WRITERS) as writers:
        rounds = [sum(writers.map(partial(_got_through, account, f"job {n}"), range(WRITERS))) for n in range(ROUNDS)]

    assert rounds == [1] * ROUNDS


def _got_through(account: Account, job_id: str, writer: int) -> bool:
    table = account.clients["dynamodb"]
    try:
        table.update_item(
            TableName=account.name,
            Key={"id": {"S": job_id}},
            UpdateExpression="SET lease_holder = :holder",
            ConditionExpression="attribute_not_exists(lease_holder)",
            ExpressionAttributeValues={":holder": {"S": str(writer)}},
        )
    except table.exceptions.ConditionalCheckFailedException:
        return False

    return True
