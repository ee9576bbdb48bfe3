"""A key's jobs, in parts."""

from __future__ import annotations

import json
from typing import Any

import pytest

import functions.status.app
from rerank_gateway.domain.keys import hash_of_token
from tests.documented import must_be_documented
from tests.fakes import FakeContext
from tests.functions.account import Account, records_of
from tests.functions.gateway import LEAST, Response, event, to_response


def listed(key: str = "sk-local", **query: str) -> Response:
    sent = event("job_list") | {"queryStringParameters": query}
    sent["headers"] |= {"authorization": f"Bearer {key}"}
    answer = functions.status.app.handler(sent, FakeContext())
    must_be_documented(sent["routeKey"], answer)

    return to_response(answer)


def ids(response: Response) -> list[str]:
    return [job["id"] for job in response.json["data"]]


@pytest.fixture
def jobs(account: Account) -> list[str]:
    """Five jobs of the master key, the newest first: one is pending, one has failed, the others are completed."""
    submitted = [account.submit().json["id"] for _ in range(4)]
    account.cancel(submitted[0])
    account.work()
    submitted.append(account.submit().json["id"])

    return submitted[::-1]


def test_the_newest_come_first(jobs: list[str], account: Account) -> None:
    """
    With what a poll says of them, and without their results.
    """
    response = listed()

    done, polled = response.json["data"][1], account.poll(jobs[1]).json
    assert ids(response) == jobs
    assert (response.json["first_id"], response.json["last_id"], response.json["has_more"]) == (
        jobs[0],
        jobs[-1],
        False,
    )
    assert done == {name: value for name, value in polled.items() if name != "result"} | {"model": "local/bm25"}
    assert response.json["data"][0]["status"] == "pending"


def test_pages_have_each_job_once(jobs: list[str]) -> None:
    """
    Whatever their size is.
    """
    for limit in range(1, 6):
        found, page = [], listed(limit=str(limit))
        found += ids(page)
        while page.json["has_more"]:
            page = listed(limit=str(limit), after=page.json["last_id"])
            found += ids(page)
        assert found == jobs


@pytest.mark.parametrize(("status", "places"), [("pending", [0]), ("processing", []), ("completed", [1, 2, 3])])
def test_a_status_is_asked_for(jobs: list[str], status: str, places: list[int]) -> None:
    """
    Only what is so by now.
    """
    response = listed(status=status)

    assert ids(response) == [jobs[place] for place in places]
    assert listed(status="failed").json["data"][0]["status_code"] == 499


def test_nobody_sees_another_keys_jobs(jobs: list[str], account: Account) -> None:
    """
    Nor goes on behind one of them.
    """
    item: dict[str, Any] = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "a"}, "models": {"SS": ["*"]}}
    account.client("dynamodb").put_item(TableName="keys", Item=item)
    own = account.submit(headers={"authorization": "Bearer sk-a"}).json["id"]

    assert ids(listed("sk-a")) == [own]
    assert listed("sk-a", after=jobs[0]).status == 400
    assert ids(listed()) == jobs
    assert listed("sk-nobody").status == 401


def test_what_has_expired_or_is_gone_is_not_there(jobs: list[str], account: Account) -> None:
    """
    DynamoDB deletes late, and its index later still.
    """
    dynamodb = account.client("dynamodb")
    change = {"UpdateExpression": "SET result_expires_at = :past", "ExpressionAttributeValues": {":past": {"N": "1"}}}
    dynamodb.update_item(TableName="jobs", Key={"id": {"S": jobs[1]}}, **change)
    dynamodb.delete_item(TableName="jobs", Key={"id": {"S": jobs[2]}})

    assert ids(listed(limit="2")) == [jobs[0], jobs[3]]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "done"},
        {"status": ""},
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "x"},
        {"limit": "²"},
        {"after": ""},
        {"after": "x" * 3000},
        {"after": "no-such-job"},
    ],
)
def test_what_is_wrong_is_named(account: Account, query: dict[str, str]) -> None:
    """
    A 400 with the parameter.
    """
    refused = listed(**query)

    assert refused.status == 400
    assert json.loads(refused.text)["error"]["param"] == next(iter(query))


def test_a_job_of_an_owner_who_can_be_nobody_ends(account: Account) -> None:
    """
    DynamoDB lists nothing under a name as long as that one: the job is the master key's, and has failed.
    """
    [sent, *_] = records_of("worker")
    named = {"owner": {"dataType": "String", "stringValue": "x" * 3000}}

    again = account.work([sent | {"body": json.dumps(LEAST), "messageAttributes": named}])

    [job] = listed().json["data"]
    assert again == []
    assert (job["id"], job["status_code"]) == (sent["messageId"], 400)
