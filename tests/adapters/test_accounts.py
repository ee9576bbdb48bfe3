"""Accounts: one contract, kept by DynamoDB as by the fake."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_accounts import LIMITS, ONCE, DynamoAccounts
from rerank_gateway.adapters.aws.dynamodb_usage import DynamoUsageReader
from rerank_gateway.adapters.aws.json_api import DYNAMODB
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply, TooManyWrites
from rerank_gateway.domain.spending.counters import usage_of
from rerank_gateway.domain.spending.usage import UsageEntry
from tests.accounts import InMemoryAccounts
from tests.embedded_aws import aws_api
from tests.tables import usage_table
from tests.upstream import says, upstream


def dynamo_accounts(table: str) -> DynamoAccounts:
    return DynamoAccounts(table, aws_api(DYNAMODB, ONCE, what=LIMITS))


HELD = "held 2026-11 1796000000 a1b2"


@pytest.fixture(params=["memory", "dynamodb"])
def accounts(request: pytest.FixtureRequest) -> Accounts:
    if request.param == "memory":
        return InMemoryAccounts()
    usage_table(request.getfixturevalue("embedded_aws"))

    return dynamo_accounts("usage")


def test_counters_are_added_to_up_to_a_ceiling(accounts: Accounts) -> None:
    """
    One that is not there counts from nothing; one above its ceiling has the whole change refused.
    """
    first = accounts.apply("key#a", Change({"spent 2026-11": 60, "requests 7": 1}, at_most={"spent 2026-11": 40}))
    refused = accounts.apply("key#a", Change({"spent 2026-11": 60, "requests 7": 1}, at_most={"spent 2026-11": 40}))
    last = accounts.apply("key#a", Change({"spent 2026-11": 40}, at_most={"spent 2026-11": 60}))

    assert first == Reply(True, {"spent 2026-11": 60, "requests 7": 1})
    assert refused == Reply(False, {"spent 2026-11": 60, "requests 7": 1})
    assert last.balance["spent 2026-11"] == 100


def test_a_hold_is_made_once_and_settled_once(accounts: Accounts) -> None:
    """
    Whoever comes second is told how things are.
    """
    hold = Change({"spent 2026-11": 60, HELD: 60}, absent=[HELD])
    settle = Change({"spent 2026-11": -20}, [HELD, "requests 6"], present=[HELD])

    replies = [accounts.apply("key#a", change) for change in (hold, hold, settle, settle)]

    assert [reply.is_applied for reply in replies] == [True, False, True, False]
    assert replies[1].balance == {"spent 2026-11": 60, HELD: 60}
    assert replies[3].balance == {"spent 2026-11": 40}


def test_a_change_that_is_begun_is_told_of_later(accounts: Accounts) -> None:
    """
    Made or not, as if somebody had waited for it.
    """
    accounts.apply("key#a", Change({HELD: 60}))
    settle = Change({"spent 2026-11": 20}, [HELD], present=[HELD])

    first = accounts.begin("key#a", settle)()
    second = accounts.begin("key#a", settle)()

    assert first == Reply(True, {"spent 2026-11": 20})
    assert second == Reply(False, {"spent 2026-11": 20})


def test_accounts_do_not_mix(accounts: Accounts) -> None:
    """
    A key's, and that of a team of the same name.
    """
    accounts.apply("key#a", Change({"spent all": 1}))

    assert accounts.apply("team#a", Change({"spent all": 2})).balance == {"spent all": 2}


def test_a_day_is_moved_once_and_whole(accounts: Accounts) -> None:
    """
    What has changed meanwhile is moved by whoever knows of it, and what is moved is not written over.
    """
    usage = usage_of("2026-11-27", "cohere/rerank v3.5", 3, 50)
    before = accounts.apply("key#a", Change(usage)).balance
    between = accounts.apply("key#a", Change({"usage 2026-11-27 requests cohere/rerank v3.5": 1})).balance
    counted = [name for name in before if name.startswith("usage")]
    early, late = ({name: balance[name] for name in counted} for balance in (before, between))

    moved = [accounts.archive("key#a", "", "2026-11-27", each)() for each in (early, late, early, late)]

    assert moved == [False, True, False, False]
    assert accounts.apply("key#a", Change({"spent all": 1})).balance == {"spent all": 1, "total": 50}


def test_reports_read_what_is_counted(embedded_aws: Any) -> None:
    """
    Today's out of the balance, and that of days before out of their own items.
    """
    usage_table(embedded_aws)
    accounts = dynamo_accounts("usage")
    usage = usage_of("2026-11-27", "cohere/rerank-v3.5", 3, 50)
    accounts.apply("key#a", Change({**usage, **usage_of("2026-11-28", "local/bm25", 2, 0)}, team="search"))

    past = {name: number for name, number in usage.items() if name != "total"}
    is_moved = accounts.archive("key#a", "search", "2026-11-27", past)()

    assert is_moved
    assert list(DynamoUsageReader("usage").entries("2026-11-01", "2026-11-30")) == [
        UsageEntry("2026-11-27", "search", "a", "cohere/rerank-v3.5", 1, 3, 50),
        UsageEntry("2026-11-28", "search", "a", "local/bm25", 1, 2, 0),
    ]


def test_an_outage_is_told(embedded_aws: Any) -> None:
    """
    Whether it was done is open then.
    """
    with pytest.raises(Unavailable, match="the limits of this key cannot be reached"):
        dynamo_accounts("no-such-table").apply("key#a", Change({"spent all": 1}))


@pytest.mark.parametrize(
    "name", ["ThrottlingException", "ProvisionedThroughputExceededException", "TransactionConflictException"]
)
def test_an_item_that_takes_no_more_writes_is_told_apart(
    embedded_aws: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """
    Nothing was done then, so that it may be tried again without being done twice.
    """
    reply = {"__type": f"com.amazonaws.dynamodb.v20120810#{name}", "message": "slow down"}
    with upstream(says(reply, 400)) as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", aws.url)
        with pytest.raises(TooManyWrites):
            dynamo_accounts("usage").apply("key#a", Change({"spent all": 1}))
        begun = dynamo_accounts("usage").begin("key#a", Change({"spent all": 1}))
        with pytest.raises(TooManyWrites):
            begun()


def test_what_cannot_be_sent_is_told_at_once(embedded_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    As nothing was done then.
    """
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")

    with pytest.raises(Unavailable, match="the limits of this key cannot be reached"):
        dynamo_accounts("usage").begin("key#a", Change({"spent all": 1}))
