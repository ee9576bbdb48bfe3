"""Virtual keys: the stack's master key, and those in KeysTable behind a TTL cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hmac import compare_digest
from math import inf

from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.adapters.aws.key_items import Item, to_key, to_team
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.keys import MASTER_ID, VirtualKey, hash_of_token
from rerank_gateway.domain.ports import KeyStore

KEY_TTL_S = 60.0
"""A key that was disabled or removed stops working everywhere after that."""

KEY_STALE_S = 900.0
"""Seconds for which a record serves on while DynamoDB is out of reach, be its key disabled meanwhile or not."""
PREVIOUS_MASTER_KEY_S = 86_400.0
"""Seconds for which the master key that was replaced stays good: whoever has it needs time to fetch the new one."""

OWNER_PREFIX, TEAM_PREFIX = "id#", "team#"
"""In `key_hash`, before a key's id or a team's name: no SHA-256 has such a one."""

MASTER = VirtualKey(id=MASTER_ID, name="master")


@dataclass(frozen=True, slots=True)
class MasterKeyStore(KeyStore):
    """
    The stack's master key, and then all *others*. The *previous* master key, while it is still good, opens the same
    door. All of them may raise Unavailable.
    """

    token: Callable[[], str]
    others: KeyStore | None
    previous: Callable[[], str | None] = lambda: None

    def find(self, fingerprint: str, max_age: float = inf) -> VirtualKey | None:
        try:
            if self._is_master(fingerprint):
                return MASTER
        except Unavailable:
            # That the master key is out of reach is nothing to who has another one.
            if self.others and (key := self.others.find(fingerprint, max_age)):
                return key
            raise

        return self.others.find(fingerprint, max_age) if self.others else None

    def _is_master(self, fingerprint: str) -> bool:
        if compare_digest(hash_of_token(self.token()), fingerprint):
            return True
        previous = self.previous()

        return previous is not None and compare_digest(hash_of_token(previous), fingerprint)


@dataclass(frozen=True, slots=True)
class DynamoKeyStore(KeyStore):
    """
    Records under the SHA-256 of their token, so that the table gives no token away.

    Unknown fingerprints are cached too, so that a client with a wrong key costs one read a minute.
    """

    table: str
    dynamodb: AwsJsonApi
    ttl_cache: TtlCache[VirtualKey | None]

    def find(self, fingerprint: str, max_age: float = inf) -> VirtualKey | None:
        """The key with this fingerprint. Raises Unavailable, or FaultyKey for a record that cannot be read."""
        return self.ttl_cache.get(fingerprint, lambda: self._fetch(fingerprint, is_latest=max_age < inf), max_age)

    def find_owner(self, key_id: str, max_age: float = inf) -> VirtualKey | None:
        """The key with this id, by the record that is for those who know no token. Raises what `find` raises."""
        return self.find(f"{OWNER_PREFIX}{key_id}", max_age)

    def _fetch(self, fingerprint: str, *, is_latest: bool) -> VirtualKey | None:
        """The key by its record: one that *is_latest* shows each write that has been answered."""
        item = self._item(fingerprint, is_latest)
        key = to_key(item) if item else None

        return self._in_team(key, is_latest) if key and key.team else key

    def _in_team(self, key: VirtualKey, is_latest: bool) -> VirtualKey:
        """*key* with what holds for its team; one that nobody has made a record of has no limits."""
        item = self._item(f"{TEAM_PREFIX}{key.team}", is_latest)
        if item is None:
            return key
        team = to_team(item)

        return replace(key, team_limits=team.limits, disabled=key.disabled or team.disabled)

    def _item(self, key_hash: str, is_latest: bool) -> Item | None:
        name = {"TableName": self.table, "Key": {"key_hash": {"S": key_hash}}}
        found = self.dynamodb.call("GetItem", name | ({"ConsistentRead": True} if is_latest else {}))
        item: Item | None = found.get("Item")

        return item
