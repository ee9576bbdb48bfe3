"""The table of jobs: reads that see every write before them, and writes that happen only in the state they expect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from uuid import uuid4

from rerank_gateway.adapters.aws.binary_values import with_base64, with_bytes
from rerank_gateway.adapters.aws.job_items import Item, to_attributes, to_item
from rerank_gateway.adapters.aws.json_api import AwsError, AwsJsonApi
from rerank_gateway.adapters.aws.repeated import repeated
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Job, Status

Values: TypeAlias = Mapping[str, str | float | bytes]
"""What the placeholders in an expression stand for."""

NAMES = {"#status": "status"}
"""`status` is a reserved word of DynamoDB's."""
STATES = {":pending": Status.PENDING, ":processing": Status.PROCESSING, ":failed": Status.FAILED}
CONDITION_FAILED = "ConditionalCheckFailedException"
CONFLICT_PAUSES_S = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds, about, after which a transaction is tried again that met another one."""
Write: TypeAlias = Callable[..., Any]
JOBS = "the gateway's jobs"
"""What callers are told is out of reach."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A state that a write expects to find, in DynamoDB's notation."""

    expression: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobsTable:
    """All methods raise Unavailable, at *deadline* if there is one."""

    name: str
    dynamodb: AwsJsonApi
    deadline: Deadline | None = None
    beside: Sequence[Mapping[str, Any]] = ()

    def along(self, updates: Sequence[Mapping[str, Any]]) -> JobsTable:
        """The same, each of whose updates is made together with these *updates* of other tables, or not at all."""
        return replace(self, beside=updates)

    def get(self, job_id: str) -> Item | None:
        request = {"TableName": self.name, "Key": _key(job_id), "ConsistentRead": True}
        item = self.dynamodb.call("GetItem", request, self.deadline).get("Item")

        return with_bytes(item) if item else None

    def put(self, job: Job, expected: Condition) -> bool:
        """Write *job* if what is under its id is as *expected*; whether it was."""
        return self._write("PutItem", expected, Item=with_base64(to_item(job))) is not None

    def update(self, job_id: str, change: str, values: Values, expected: Condition, **options: str) -> Any:
        """DynamoDB's response to the *change* of a job; None where the job is not as *expected*."""
        both = Condition(expected.expression, {**expected.values, **values})
        write = self._transact if self.beside else self._conditional

        return self._write("UpdateItem", both, write, Key=_key(job_id), UpdateExpression=change, **options)

    def delete(self, job_id: str, expected: Condition) -> None:
        self._write("DeleteItem", expected, Key=_key(job_id))

    def _write(self, operation: str, expected: Condition, write: Write | None = None, **request: Any) -> Any:
        """DynamoDB's response; None where the item is not as *expected*."""
        # DynamoDB refuses names and values that no expression uses.
        used = expected.expression + request.get("UpdateExpression", "")
        states = {name: state for name, state in STATES.items() if name in used}
        if "#status" in used:
            request["ExpressionAttributeNames"] = NAMES

        return (write or self._conditional)(
            operation,
            TableName=self.name,
            ConditionExpression=expected.expression,
            ExpressionAttributeValues=with_base64(to_attributes({**expected.values, **states})),
            **request,
        )

    def _transact(self, _: str, **request: Any) -> Any:
        """An update and those beside it. Several at once of the same item are in each other's way: then once more."""
        updates = [{"Update": each} for each in (request, *self.beside)]

        def transact() -> Any:
            return self._conditional("TransactWriteItems", TransactItems=updates, ClientRequestToken=str(uuid4()))

        return repeated(transact, CONFLICT_PAUSES_S, is_conflict)

    def _conditional(self, operation: str, **request: Any) -> Any:
        try:
            return self.dynamodb.call(operation, request, self.deadline)
        except AwsError as refused:
            if not _is_unexpected(refused):
                raise
            return None


def _is_unexpected(error: AwsError) -> bool:
    """Whether the job was not as expected: in a transaction, it is the first of those whose reasons are told."""
    reasons = error.reply.get("CancellationReasons") or [{}]
    code = reasons[0].get("Code") or error.name

    return bool(code) and CONDITION_FAILED.startswith(code)


def is_conflict(error: Unavailable) -> bool:
    """Whether AWS has turned a transaction away for another one's sake, by whichever way it was asked."""
    reply = error.reply if isinstance(error, AwsError) else getattr(error.__cause__, "response", None)

    return any(reason.get("Code") == "TransactionConflict" for reason in (reply or {}).get("CancellationReasons", ()))


def _key(job_id: str) -> Mapping[str, Any]:
    return {"id": {"S": job_id}}
