"""Virtual keys: the contract of `KeyStore`, kept by the table as by the fake, and what only the table has."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from time import time
from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_keys import (
    KEY_STALE_S,
    KEY_TTL_S,
    MASTER,
    PREVIOUS_MASTER_KEY_S,
    DynamoKeyStore,
    MasterKeyStore,
)
from rerank_gateway.adapters.aws.json_api import DYNAMODB, SECRETS_MANAGER
from rerank_gateway.adapters.aws.secrets_manager import SECRET_TTL_S, Secret, secret_ttl
from rerank_gateway.adapters.cache.ttl_cache import Staleness, TtlCache
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.keys import VirtualKey, hash_of_token
from rerank_gateway.domain.ports import KeyStore
from rerank_gateway.domain.spending.limits import Limits
from tests.embedded_aws import aws_api
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

    return DynamoKeyStore("keys", aws_api(DYNAMODB), TtlCache(60.0, clock))


@pytest.fixture
def outage(embedded_aws: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Has AWS out of reach from then on."""

    def begin() -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    return begin


def master_secret(client: Any, first: str, *others: str) -> Secret:
    """A secret that held one token after the other."""
    arn = client("secretsmanager").create_secret(Name="master", SecretString=first)["ARN"]
    for token in others:
        client("secretsmanager").put_secret_value(SecretId=arn, SecretString=token)

    return Secret(arn, aws_api(SECRETS_MANAGER), TtlCache(SECRET_TTL_S, FakeClock()))


def previous_of(secret: Secret, now: float) -> Callable[[], str | None]:
    return lambda: secret.previous(now - PREVIOUS_MASTER_KEY_S)


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
        DynamoKeyStore("no-such-table", aws_api(DYNAMODB, what="the key store"), TtlCache(60.0, clock)).find("0" * 64)


def test_a_record_serves_on_while_the_table_is_out_of_reach(
    embedded_aws: Any, clock: FakeClock, outage: Callable[[], None]
) -> None:
    """
    For a quarter of an hour beyond its minute, and the cause is told without content.
    """
    keys_table(embedded_aws)
    put(embedded_aws, "sk-a", ITEM)
    told: list[Any] = []
    staleness = Staleness(KEY_STALE_S, "virtual_key", lambda event, fields: told.append((event, fields["cause"])))
    keys = DynamoKeyStore("keys", aws_api(DYNAMODB), TtlCache(60.0, clock, staleness))
    keys.find(hash_of_token("sk-a"))

    outage()
    clock.sleep(60.0 + KEY_STALE_S - 1.0)
    served = keys.find(hash_of_token("sk-a"))
    clock.sleep(60.0)

    assert served == KEY
    with pytest.raises(Unavailable):
        keys.find(hash_of_token("sk-a"))
    cause = "dynamodb.GetItem ConnectionRefusedError"
    assert told == [("stale_value_served", cause), ("lookup_failed", cause)]


def test_the_master_key_that_was_replaced_stays_good_for_a_day(embedded_aws: Any, clock: FakeClock) -> None:
    """
    And no longer; the one that was replaced before it is gone at once.
    """
    secret, rotated = master_secret(embedded_aws, "sk-first", "sk-second", "sk-third"), time()

    good = [
        [token for token in ("sk-first", "sk-second", "sk-third") if store.find(hash_of_token(token))]
        for hours in (23, 25)
        for store in [MasterKeyStore(secret.value, None, previous_of(secret, rotated + hours * 3600))]
    ]

    assert good == [["sk-second", "sk-third"], ["sk-third"]]


def test_a_master_key_that_was_never_replaced_has_no_other_beside_it(embedded_aws: Any) -> None:
    """
    A new stack has one key.
    """
    secret = master_secret(embedded_aws, "sk-first")
    keys = MasterKeyStore(secret.value, None, previous_of(secret, time()))

    assert keys.find(hash_of_token("sk-first")) is MASTER
    assert keys.find(hash_of_token("sk-other")) is None


def test_a_master_key_out_of_reach_is_nothing_to_other_keys() -> None:
    """
    Whoever has another one goes on; for those who do not, it cannot be told.
    """

    def unreachable() -> str:
        raise Unavailable("the gateway's secret store cannot be reached")

    keys = MasterKeyStore(unreachable, FakeKeyStore({"sk-a": KEY}))

    assert keys.find(hash_of_token("sk-a")) is KEY
    with pytest.raises(Unavailable):
        keys.find(hash_of_token("sk-master"))


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


def test_a_change_is_in_force_within_a_minute() -> None:
    """
    As docs/configuration.md says; a revoked key is no use after that.
    """
    assert KEY_TTL_S == 60.0


LIMITED = {"requests_per_minute": {"N": "100"}, "limit": {"N": "2.5"}, "limit_reset": {"S": "monthly"}}


def dynamo_keys(embedded_aws: Any, *items: dict[str, Any]) -> DynamoKeyStore:
    keys_table(embedded_aws)
    for item in items:
        embedded_aws("dynamodb").put_item(TableName="keys", Item=item)

    return DynamoKeyStore("keys", aws_api(DYNAMODB), TtlCache(KEY_TTL_S, FakeClock()))


def test_a_key_has_its_limits_and_those_of_its_team(embedded_aws: Any) -> None:
    """
    A budget stands in the table in USD.
    """
    item = {"key_hash": {"S": "hash"}, **ITEM, "disabled": {"BOOL": False}, "team": {"S": "search"}, **LIMITED}
    team = {"key_hash": {"S": "team#search"}, "name": {"S": "search"}, "documents_per_minute": {"N": "9"}}

    key = dynamo_keys(embedded_aws, item, team).find("hash")

    assert key
    assert key.limits == Limits(requests_per_minute=100, budget=2_500_000_000, reset="monthly")
    assert (key.team, key.team_limits, key.disabled) == ("search", Limits(documents_per_minute=9), False)


def test_a_disabled_team_disables_its_keys(embedded_aws: Any) -> None:
    """
    All of them, at once.
    """
    item = {"key_hash": {"S": "hash"}, **ITEM, "disabled": {"BOOL": False}, "team": {"S": "search"}}
    team = {"key_hash": {"S": "team#search"}, "name": {"S": "search"}, "disabled": {"BOOL": True}}

    key = dynamo_keys(embedded_aws, item, team).find("hash")

    assert key
    assert key.disabled


def test_an_owner_is_found_by_the_keys_id(embedded_aws: Any) -> None:
    """
    A producer knows no token.
    """
    store = dynamo_keys(embedded_aws, {"key_hash": {"S": "id#team-a"}, **ITEM, **LIMITED})
    found = store.find_owner("team-a")

    assert found
    assert found.limits.budget == 2_500_000_000
    assert store.find_owner("nobody") is None


def test_environments_that_start_at_once_do_not_ask_again_at_once() -> None:
    """
    Each has a time of its own, within which a changed secret is in use.
    """
    rng = Random(0)

    times = [secret_ttl(rng) for _ in range(100)]

    assert max(times) <= SECRET_TTL_S
    assert max(times) - min(times) > 50
