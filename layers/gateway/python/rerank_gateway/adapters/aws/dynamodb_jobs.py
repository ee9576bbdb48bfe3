"""
JobStore in DynamoDB, one item each.

An item is small while its status moves, since every write costs by its size; the result is written once, with the
last step, compressed, and to S3 when it is large. Each step is one conditional write.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.job_items import Item, holder_of, to_attributes, to_item, to_job
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES, S3Objects
from rerank_gateway.domain.jobs.job import Job, Lease, Outcome, Status
from rerank_gateway.domain.jobs.ports import JobStore

UNFINISHED = "(#status = :pending OR #status = :processing) AND expires_at > :now"
# Also for one who holds it by now: boto3 sends a step again when the answer to the first was lost.
FREE = (
    "(#status = :pending OR (#status = :processing AND (lease_until <= :now OR lease_holder = :holder)))"
    " AND expires_at > :now AND fingerprint = :fingerprint"
)
HELD = "#status = :processing AND lease_holder = :holder"


@dataclass(frozen=True, slots=True)
class DynamoJobStore(JobStore):
    table: str
    objects: S3Objects

    def add(self, job: Job, now: float) -> Job:
        added = _conditional_write(
            "put_item",
            TableName=self.table,
            Item=to_item(job),
            ConditionExpression="attribute_not_exists(id) OR (expires_at <= :now AND created_at <> :created)",
            ExpressionAttributeValues=to_attributes({":now": now, ":created": job.created_at}),
        )

        if added:
            return job
        there = self._item(job.id)

        # What was there may have been deleted in between; then the place is free.
        return to_job(there) if there else self.add(job, now)

    def find(self, job_id: str, now: float) -> Job | None:
        item = self._item(job_id)
        if item is None or float(item["expires_at"]["N"]) <= now:
            return None

        return replace(to_job(item), outcome=self._outcome(item))

    def _item(self, job_id: str) -> Item | None:
        with unavailable_on_aws_error("the gateway's jobs"):
            key = {"id": {"S": job_id}}
            found = aws_client("dynamodb").get_item(TableName=self.table, Key=key, ConsistentRead=True)
        item: Item | None = found.get("Item")

        return item

    def claim(self, job_id: str, fingerprint: str, lease: Lease, now: float) -> Job | None:
        claimed = self._step(
            job_id,
            "SET #status = :processing, lease_holder = :holder, lease_until = :until",
            FREE,
            {":now": now, ":holder": lease.holder, ":until": lease.until, ":fingerprint": fingerprint},
            ReturnValues="ALL_NEW",
        )

        return to_job(claimed["Attributes"]) if claimed else None

    def release(self, job: Job, until: float) -> None:
        self._step(
            job.id,
            "SET lease_until = :until, busy = :busy REMOVE lease_holder",
            HELD,
            {":until": until, ":busy": job.busy + 1, ":holder": holder_of(job)},
        )

    def finish(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        return self._end(job, outcome, now, HELD, {":holder": holder_of(job)})

    def close(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        return self._end(job, outcome, now, UNFINISHED, {":now": now})

    def forget(self, job: Job) -> None:
        _conditional_write(
            "delete_item",
            TableName=self.table,
            Key={"id": {"S": job.id}},
            ConditionExpression="#status = :pending",
            ExpressionAttributeNames=NAMES,
            ExpressionAttributeValues=to_attributes({":pending": Status.PENDING}),
        )

    def _end(
        self, job: Job, outcome: Outcome, now: float, condition: str, expected: Mapping[str, str | float]
    ) -> Job | None:
        finished = job.finished(outcome, now)
        facts: dict[str, str | float] = {
            ":ended": finished.status,
            ":at": now,
            ":until": finished.expires_at,
            ":code": outcome.status_code,
        }
        place, result = self._kept(job, outcome.body)
        step = self._step(
            job.id,
            "SET #status = :ended, completed_at = :at, expires_at = :until, status_code = :code, model = :model, "
            f"{place} = :result REMOVE lease_holder, lease_until",
            condition,
            {**expected, **facts, ":model": outcome.model, ":result": result},
        )

        return finished if step or self._is_there(finished) else None

    def _is_there(self, finished: Job) -> bool:
        """Whether this very end was recorded: by a step whose answer was lost, so that boto3 took it again."""
        there = self._item(finished.id)

        return there is not None and to_job(there).completed_at == finished.completed_at

    def _kept(self, job: Job, body: bytes) -> tuple[str, bytes | str]:
        """The attribute for *body*, and what stands in it: the compressed bytes, or their place in the bucket."""
        compressed = zlib.compress(body)
        if len(compressed) <= MAX_INLINE_BYTES:
            return "outcome", compressed
        # Under the lease's own name: a worker that comes too late must not overwrite what was recorded.
        place = f"results/{job.id}/{holder_of(job) or 'closed'}"
        self.objects.put(place, compressed)

        return "outcome_at", place

    def _outcome(self, item: Mapping[str, Any]) -> Outcome | None:
        if "status_code" not in item:
            return None
        compressed = item["outcome"]["B"] if "outcome" in item else self.objects.get(item["outcome_at"]["S"])

        return Outcome(int(item["status_code"]["N"]), zlib.decompress(compressed), item["model"]["S"])

    def _step(
        self, job_id: str, update: str, condition: str, plain: Mapping[str, str | float | bytes], **more: str
    ) -> Any:
        """Take one step from the state that *condition* describes; None when the job is not in it."""
        said = {name: value for name, value in STATES.items() if name in update or name in condition}

        return _conditional_write(
            "update_item",
            TableName=self.table,
            Key={"id": {"S": job_id}},
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeNames=NAMES,
            ExpressionAttributeValues=to_attributes({**plain, **said}),
            **more,
        )


NAMES = {"#status": "status"}
STATES = {":pending": Status.PENDING, ":processing": Status.PROCESSING}


def _conditional_write(operation: str, **request: Any) -> Any:
    """DynamoDB's answer to a conditional write, None where the condition does not hold. Raises Unavailable."""
    from botocore.exceptions import ClientError

    with unavailable_on_aws_error("the gateway's jobs"):
        try:
            return getattr(aws_client("dynamodb"), operation)(**request)
        except ClientError as refused:
            # By its code, as boto3 makes the class when it is first asked for, and not safely in several threads.
            if refused.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return None
