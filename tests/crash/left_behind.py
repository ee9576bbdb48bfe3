"""What becomes of messages that nobody has deleted, without the waiting that it takes as a rule."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from tests.crash.account import Account, Record


def let_time_pass(account: Account, records: Sequence[Record]) -> None:
    """What a worker leaves behind that has died of *records*: its leases run out, then its messages come again."""
    for record in records:
        _end_lease(account, record["messageAttributes"].get("job", {}).get("stringValue", record["messageId"]))
    redeliver(account, records)


def redeliver(account: Account, records: Sequence[Record]) -> None:
    for record in records:
        account.clients["sqs"].change_message_visibility(
            QueueUrl=account.queue, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0
        )


def _end_lease(account: Account, job_id: str) -> None:
    table = account.clients["dynamodb"]
    with suppress(table.exceptions.ConditionalCheckFailedException):
        table.update_item(
            TableName=account.name,
            Key={"id": {"S": job_id}},
            UpdateExpression="SET lease_until = :past",
            ConditionExpression="attribute_exists(lease_holder)",
            ExpressionAttributeValues={":past": {"N": "1"}},
        )
