"""Virtual keys: the contract of `KeyStore`, kept by the table as by the fake, and what only the table has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_keys import MASTER, DynamoKeyStore, MasterKeyStore
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.keys import VirtualKey, hash_of_token
from rerank_gateway.domain.ports import KeyStore
from tests.fakes import FakeClock, FakeKeyStore
from tests.tables import keys_table

KEY = VirtualKey(id="team-a", name="Team A", models=("cohere/*", "default"), expires_at=1e10, disabled=True)
ITEM = {
    "id": {"S": "team-a"},
    "name": {"S": "Team A"},
    "models": {"L": [{"S": "cohere/*"}, {"S": "default"}]},
    "expires_at": {"N": "10000000000"},
    "disabled": {"BOOL": True},
}
Store = Callable[[dict[str, Any]], None]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def table(embedded_aws: Any, clock: FakeClock) -> DynamoKeyStore:
    keys_table(embedded_aws)

    return DynamoKeyStore("keys", TtlCache(60.0, clock))


def put(client: Any, token: str, item: dict[str, Any]) -> None:
    client("dynamodb").put_item(TableName="keys", Item={"key_hash": {"S": hash_of_token(token)}, **item})


@pytest.fixture(params=["fake", "dynamodb"])
def keys(request: pytest.FixtureRequest) -> KeyStore:
    if request.param == "fake":
        return FakeKeyStore({"sk-a": KEY})
    table: DynamoKeyStore = request.getfixturevalue("table")
    put(request.getfixturevalue("embedded_aws"), "sk-a", ITEM)

    return table


def test_a_key_is_found_by_the_fingerprint_of_its_token(keys: KeyStore) -> None:
    """
    All that the record says is in the key.
    """
    assert keys.find(hash_of_token("sk-a")) == KEY


def test_an_unknown_fingerprint_finds_nothing(keys: KeyStore) -> None:
    """
    Neither the token itself nor another one's fingerprint is a way in.
    """
    assert keys.find(hash_of_token("sk-b")) is None
    assert keys.find("sk-a") is None


def test_a_record_may_be_short(embedded_aws: Any, table: DynamoKeyStore) -> None:
    """
    An id and a set of models are enough; without models a key is good for nothing.
    """
    put(embedded_aws, "sk-short", {"id": {"S": "short"}, "models": {"SS": ["local/*"]}})
    put(embedded_aws, "sk-none", {"id": {"S": "none"}})

    assert table.find(hash_of_token("sk-short")) == VirtualKey("short", models=("local/*",))
    assert table.find(hash_of_token("sk-none")) == VirtualKey("none", models=())


def test_records_are_cached_for_a_minute(embedded_aws: Any, table: DynamoKeyStore, clock: FakeClock) -> None:
    """
    A key that is removed stops working within 60 s, one that is added starts within 60 s.
    """
    put(embedded_aws, "sk-a", ITEM)
    assert table.find(hash_of_token("sk-a"))
    assert table.find(hash_of_token("sk-b")) is None

    embedded_aws("dynamodb").delete_item(TableName="keys", Key={"key_hash": {"S": hash_of_token("sk-a")}})
    put(embedded_aws, "sk-b", ITEM)

    clock.sleep(59)
    assert table.find(hash_of_token("sk-a"))
    assert table.find(hash_of_token("sk-b")) is None
    clock.sleep(2)
    assert table.find(hash_of_token("sk-a")) is None
    assert table.find(hash_of_token("sk-b"))


def test_a_table_out_of_reach_is_unavailable(embedded_aws: Any, clock: FakeClock) -> None:
    """
    An outage of ours is no wrong key.
    """
    with pytest.raises(Unavailable, match="key store"):
        DynamoKeyStore("no-such-table", TtlCache(60.0, clock)).find("0" * 64)


def test_the_master_key_stands_before_the_others() -> None:
    """
    The stack's first key needs no table, and other tokens go on to it.
    """
    others = FakeKeyStore({"sk-a": KEY})
    keys = MasterKeyStore(lambda: "sk-master", others)

    assert keys.find(hash_of_token("sk-master")) is MASTER
    assert others.asked == 0
    assert keys.find(hash_of_token("sk-a")) is KEY
    assert MasterKeyStore(lambda: "sk-master", None).find(hash_of_token("sk-a")) is None
