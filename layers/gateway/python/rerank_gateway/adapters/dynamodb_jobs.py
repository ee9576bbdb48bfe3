"""
Jobs in DynamoDB, one item each.

An item is small while its status moves, since every write costs by its size; the result is written once, with the
last step, compressed, and to S3 when it is large. Each step is one conditional write.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rerank_gateway.adapters import aws
from rerank_gateway.adapters.job_items import Item, holder_of, item_of, job_of, values
from rerank_gateway.adapters.s3_objects import LARGEST_INLINE, S3Objects
from rerank_gateway.domain.job_ports import Jobs
from rerank_gateway.domain.jobs import Job, Lease, Outcome, Status

UNFINISHED = "(#status = :pending OR #status = :processing) AND expires_at > :now"
# Also for one who holds it by now: boto3 sends a step again when the answer to the first was lost.
FREE = (
    "(#status = :pending OR (#status = :processing AND (lease_until <= :now OR lease_holder = :holder)))"
    " AND expires_at > :now AND fingerprint = :fingerprint"
)
HELD = "#status = :processing AND lease_holder = :holder"


@dataclass(frozen=True, slots=True)
class DynamoJobs(Jobs):
    table: str
    objects: S3Objects

    def add(self, job: Job, now: float) -> Job:
        added = _written(
            "put_item",
            TableName=self.table,
            Item=item_of(job),
            ConditionExpression="attribute_not_exists(id) OR (expires_at <= :now AND created_at <> :created)",
            ExpressionAttributeValues=values({":now": now, ":created": job.created_at}),
        )

        if added:
            return job
        there = self._item(job.id)

        # What was there may have been deleted in between; then the place is free.
        return job_of(there) if there else self.add(job, now)

    def find(self, job_id: str, now: float) -> Job | None:
        item = self._item(job_id)
        if item is None or float(item["expires_at"]["N"]) <= now:
            return None

        return replace(job_of(item), outcome=self._outcome(item))

    def _item(self, job_id: str) -> Item | None:
        with aws.within_reach("the gateway's jobs"):
            key = {"id": {"S": job_id}}
            found = aws.client("dynamodb").get_item(TableName=self.table, Key=key, ConsistentRead=True)
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

        return job_of(claimed["Attributes"]) if claimed else None

    def put_back(self, job: Job, until: float) -> None:
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
        _written(
            "delete_item",
            TableName=self.table,
            Key={"id": {"S": job.id}},
            ConditionExpression="#status = :pending",
            ExpressionAttributeNames=NAMES,
            ExpressionAttributeValues=values({":pending": Status.PENDING}),
        )

    def _end(
        self, job: Job, outcome: Outcome, now: float, condition: str, expected: Mapping[str, str | float]
    ) -> Job | None:
        ended = job.ended(outcome, now)
        facts: dict[str, str | float] = {
            ":ended": ended.status,
            ":at": now,
            ":until": ended.expires_at,
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

        return ended if step or self._is_there(ended) else None

    def _is_there(self, ended: Job) -> bool:
        """Whether this very end was recorded: by a step whose answer was lost, so that boto3 took it again."""
        there = self._item(ended.id)

        return there is not None and job_of(there).completed_at == ended.completed_at

    def _kept(self, job: Job, body: bytes) -> tuple[str, bytes | str]:
        """The attribute for *body*, and what stands in it: the compressed bytes, or their place in the bucket."""
        compressed = zlib.compress(body)
        if len(compressed) <= LARGEST_INLINE:
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

        return _written(
            "update_item",
            TableName=self.table,
            Key={"id": {"S": job_id}},
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeNames=NAMES,
            ExpressionAttributeValues=values({**plain, **said}),
            **more,
        )


NAMES = {"#status": "status"}
STATES = {":pending": Status.PENDING, ":processing": Status.PROCESSING}


def _written(operation: str, **request: Any) -> Any:
    """DynamoDB's answer to a conditional write, None where the condition does not hold. Raises Unavailable."""
    from botocore.exceptions import ClientError

    with aws.within_reach("the gateway's jobs"):
        try:
            return getattr(aws.client("dynamodb"), operation)(**request)
        except ClientError as refused:
            # By its code, as boto3 makes the class when it is first asked for, and not safely in several threads.
            if refused.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return None
