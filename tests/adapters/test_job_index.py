"""The index of jobs by owner, which lags behind the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.dynamodb_job_index import DynamoJobIndex
from rerank_gateway.adapters.aws.job_conditions import free_id
from rerank_gateway.adapters.aws.jobs_table import JobsTable
from rerank_gateway.adapters.aws.json_api import DYNAMODB, AwsJsonApi
from tests.embedded_aws import aws_api
from tests.job_fakes import job
from tests.tables import jobs_table


@dataclass(frozen=True)
class Lagging(AwsJsonApi):
    """A DynamoDB whose index has each job twice: where it stands now, and where it stood before it began anew."""

    def call(self, operation: str, parameters: Mapping[str, Any], *more: Any) -> dict[str, Any]:
        reply = aws_api(DYNAMODB).call(operation, parameters, *more)

        return reply | {"Items": reply["Items"] * 2} if operation == "Query" else reply


def test_a_job_that_has_begun_anew_is_listed_once(embedded_aws: Any) -> None:
    """
    DynamoDB moves it in the index by two writes, which nobody sees together; and refuses to read an item twice at once.
    """
    jobs_table(embedded_aws)
    api = aws_api(DYNAMODB)
    made = job(expires_at=9e9)
    JobsTable("jobs", api).put(made, free_id(made, 0.0))
    index = DynamoJobIndex("jobs", Lagging(api.session, api.service, api.what))

    found, _ = index.older(made.owner, None, 10)

    assert [each.id for each in found] == [made.id]
