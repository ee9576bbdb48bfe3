"""The table of jobs: reads that see every write before them, and writes that happen only in the state they expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.job_items import Item, to_attributes, to_item
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.job import Job, Status

Values: TypeAlias = Mapping[str, str | float | bytes]
"""What the placeholders in an expression stand for."""

NAMES = {"#status": "status"}
"""`status` is a reserved word of DynamoDB's."""
STATES = {":pending": Status.PENDING, ":processing": Status.PROCESSING, ":failed": Status.FAILED}
CONDITION_FAILED = "ConditionalCheckFailedException"
JOBS = "the gateway's jobs"


@dataclass(frozen=True, slots=True)
class Condition:
    """A state that a write expects to find, in DynamoDB's notation."""

    expression: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobsTable:
    """All methods raise Unavailable, at *deadline* if there is one."""

    name: str
    deadline: Deadline | None = None

    def get(self, job_id: str) -> Item | None:
        with unavailable_on_aws_error(JOBS, deadline=self.deadline):
            found = aws_client("dynamodb").get_item(TableName=self.name, Key=_key(job_id), ConsistentRead=True)
        item: Item | None = found.get("Item")

        return item

    def put(self, job: Job, expected: Condition) -> bool:
        """Write *job* if what is under its id is as *expected*; whether it was."""
        return self._write("put_item", expected, Item=to_item(job)) is not None

    def update(self, job_id: str, change: str, values: Values, expected: Condition, **options: str) -> Any:
        """DynamoDB's response to the *change* of a job; None where the job is not as *expected*."""
        both = Condition(expected.expression, {**expected.values, **values})

        return self._write("update_item", both, Key=_key(job_id), UpdateExpression=change, **options)

    def delete(self, job_id: str, expected: Condition) -> None:
        self._write("delete_item", expected, Key=_key(job_id))

    def _write(self, operation: str, expected: Condition, **request: Any) -> Any:
        """DynamoDB's response; None where the item is not as *expected*."""
        # DynamoDB refuses names and values that no expression uses.
        used = expected.expression + request.get("UpdateExpression", "")
        states = {name: state for name, state in STATES.items() if name in used}
        if "#status" in used:
            request["ExpressionAttributeNames"] = NAMES

        return self._conditional(
            operation,
            TableName=self.name,
            ConditionExpression=expected.expression,
            ExpressionAttributeValues=to_attributes({**expected.values, **states}),
            **request,
        )

    def _conditional(self, operation: str, **request: Any) -> Any:
        from botocore.exceptions import ClientError

        with unavailable_on_aws_error(JOBS, deadline=self.deadline):
            try:
                return getattr(aws_client("dynamodb"), operation)(**request)
            except ClientError as refused:
                # By its code, as boto3 makes the class when it is first asked for, and not safely in several threads.
                if refused.response["Error"]["Code"] != CONDITION_FAILED:
                    raise
                return None


def _key(job_id: str) -> Mapping[str, Any]:
    return {"id": {"S": job_id}}
