"""
JobIndex in DynamoDB. The index has nothing but keys that never change, so that it costs a job one write, and none when
its status moves: what else is told of jobs is read from the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rerank_gateway.adapters.aws.batch_get import BatchGet
from rerank_gateway.adapters.aws.job_items import Item, to_attributes, to_job
from rerank_gateway.adapters.aws.job_results import outcome_without_body
from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.lists import JobIndex, Place

BY_OWNER = "by-owner"
READ = (
    "id",
    "owner",
    "fingerprint",
    "status",
    "created_at",
    "completed_at",
    "expires_at",
    "result_expires_at",
    "result_ttl",
    "status_code",
    "model",
)
NAMES = {f"#{name}": name for name in READ}
MAX_CALLS = 10
"""After which the rest of a batch is out of reach: DynamoDB hands it over in parts where its items are large."""


@dataclass(frozen=True, slots=True)
class DynamoJobIndex(JobIndex):
    table: str
    dynamodb: AwsJsonApi

    def older(self, owner: str, after: Place | None, limit: int) -> tuple[Sequence[Job], Place | None]:
        found = self._found(owner, after, limit)
        # One that begins anew moves there by two writes, between which it is twice there.
        keys = list(dict.fromkeys(item["id"]["S"] for item in found["Items"]))
        there = self._items(keys)
        items = [there[key] for key in keys if key in there]
        last = found.get("LastEvaluatedKey")
        place = Place(last["id"]["S"], float(last["created_at"]["N"])) if last else None

        return [replace(to_job(item), outcome=outcome_without_body(item)) for item in items], place

    def _found(self, owner: str, after: Place | None, limit: int) -> Any:
        query: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": BY_OWNER,
            "KeyConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": owner}},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if after:
            query["ExclusiveStartKey"] = to_attributes(
                {"id": after.job_id, "owner": owner, "created_at": after.created_at}
            )

        return self.dynamodb.call("Query", query)

    def _items(self, keys: Sequence[str]) -> Mapping[str, Item]:
        batch_get = BatchGet(partial(self.dynamodb.call, "BatchGetItem"), self.table, "the gateway's jobs", MAX_CALLS)
        wanted = {"ProjectionExpression": ", ".join(NAMES), "ExpressionAttributeNames": NAMES}

        return batch_get([{"id": {"S": key}} for key in keys], **wanted)
