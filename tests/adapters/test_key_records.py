"""What is written for those who manage keys is what callers are checked by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_key_records import DynamoKeyRecords
from rerank_gateway.adapters.aws.dynamodb_keys import KEY_TTL_S, DynamoKeyStore
from rerank_gateway.adapters.aws.dynamodb_team_records import DynamoTeamRecords
from rerank_gateway.adapters.aws.json_api import DYNAMODB
from rerank_gateway.adapters.aws.management_table import ManagementTable
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.domain.keys import Team, VirtualKey, hash_of_token
from rerank_gateway.domain.management.ports import NewToken
from rerank_gateway.domain.management.records import KeyRecord, PreviousToken, TeamRecord
from rerank_gateway.domain.spending.limits import Limits
from tests.embedded_aws import aws_api
from tests.fakes import FakeClock
from tests.tables import keys_table

LIMITS = Limits(requests_per_minute=60, documents_per_minute=None, budget=12_345_678_901, reset="weekly")
KEY = VirtualKey("a", "A key", ("cohere/*", "default"), expires_at=5e9, team="search", limits=LIMITS, admin=True)
RECORD = KeyRecord(KEY, hash_of_token("sk-a"), "sk-a...a", 1000.25, 1000.5, "master", version=1)
TEAM = TeamRecord(Team("search", Limits(budget=7)), 1.0, 2.0)


@pytest.fixture
def records(embedded_aws: Any) -> DynamoKeyRecords:
    keys_table(embedded_aws)
    table = ManagementTable("keys")
    DynamoTeamRecords(table).add(TEAM)

    return DynamoKeyRecords(table)


def store(clock: FakeClock) -> DynamoKeyStore:
    return DynamoKeyStore("keys", aws_api(DYNAMODB), TtlCache(KEY_TTL_S, clock))


def test_a_record_comes_back_as_it_was_kept(records: DynamoKeyRecords) -> None:
    """
    By its hash and by its id, and in the list of all.
    """
    assert records.add(RECORD)

    assert records.find(RECORD.hash) == records.find_id("a") == RECORD
    assert list(records.all()) == [RECORD]


def test_a_record_is_the_key_that_callers_are_checked_by(records: DynamoKeyRecords) -> None:
    """
    For those who bring the token, and for jobs that name their owner; with its team's limits.
    """
    records.add(RECORD)

    expected = replace(KEY, team_limits=TEAM.team.limits)
    assert store(FakeClock()).find(RECORD.hash) == expected
    assert store(FakeClock()).find_owner("a") == expected


def test_a_removed_key_is_refused_within_a_minute(records: DynamoKeyRecords) -> None:
    """
    In an environment that has just seen it; in one that has not, at once. The same for a key that is switched off.
    """
    clock = FakeClock()
    seen = store(clock)
    records.add(RECORD)
    assert seen.find(RECORD.hash)

    records.change(RECORD, {"disabled": True}, 1.0)
    clock.sleep(KEY_TTL_S + 0.1)
    disabled = seen.find(RECORD.hash)
    found = records.find(RECORD.hash)
    assert found
    records.remove(found)
    fresh = store(clock).find(RECORD.hash)
    clock.sleep(KEY_TTL_S + 0.1)

    assert disabled
    assert disabled.disabled
    assert (fresh, seen.find(RECORD.hash)) == (None, None)


def test_a_write_that_comes_too_late_is_not_done(records: DynamoKeyRecords) -> None:
    """
    Nothing of it: a rotation after a change would bring the record back as it was before, and a removed key.
    """
    records.add(RECORD)
    records.change(RECORD, {"name": "new"}, 2.0)
    token = NewToken(hash_of_token("sk-b"), "sk-b...b", RECORD.hash, 4e9)

    assert not records.add(RECORD)
    assert not records.replace_token(RECORD, token, 3.0)
    assert not records.remove(RECORD)
    assert not records.change(replace(RECORD, key=replace(KEY, admin=False)), {"name": "newer"}, 3.0)
    assert records.find(token.hash) is None
    assert [record.key.name for record in records.all()] == ["new"]


def test_a_token_is_replaced_at_once(records: DynamoKeyRecords) -> None:
    """
    The record has the new one, and knows the one before, which is found as well.
    """
    records.add(RECORD)
    token = NewToken(hash_of_token("sk-b"), "sk-b...b", RECORD.hash, 4e9)

    assert records.replace_token(RECORD, token, 3.0)

    renewed = records.find(token.hash)
    assert renewed == records.find(RECORD.hash)
    assert renewed
    assert (renewed.previous, renewed.label, renewed.version) == (PreviousToken(RECORD.hash, 4e9), "sk-b...b", 2)
    assert renewed.key == KEY


def test_no_key_joins_a_team_that_is_being_removed(records: DynamoKeyRecords) -> None:
    """
    Whichever comes first, the other is not done: a key would be without its team's limits.
    """
    teams = DynamoTeamRecords(records.table)
    records.add(RECORD)

    assert not teams.remove("search")
    records.remove(RECORD)
    assert teams.remove("search")
    assert not records.add(RECORD)
