"""Virtual keys: the stack's first one, those in KeysTable, and a short memory of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from rerank_gateway.adapters import aws
from rerank_gateway.adapters.recent import Recent
from rerank_gateway.domain.keys import VirtualKey, fingerprint_of
from rerank_gateway.domain.ports import Keys

FRESH = 60.0
"""Seconds; a key that was disabled or removed stops working everywhere after that."""

MASTER = VirtualKey(id="master", name="master")


@dataclass(frozen=True, slots=True)
class MasterKey(Keys):
    """The key that came with the stack, before all *others*."""

    token: Callable[[], str]
    others: Keys | None

    def find(self, fingerprint: str) -> VirtualKey | None:
        if compare_digest(fingerprint_of(self.token()), fingerprint):
            return MASTER

        return self.others.find(fingerprint) if self.others else None


@dataclass(frozen=True, slots=True)
class DynamoKeys(Keys):
    """
    Records under the SHA-256 of their token, so that the table gives no token away.

    Unknown ones are remembered too: whoever guesses keys costs us one read a guess, and a minute of patience.
    """

    table: str
    recent: Recent[VirtualKey | None]

    def find(self, fingerprint: str) -> VirtualKey | None:
        return self.recent.get(fingerprint, lambda: self._fetch(fingerprint))

    def _fetch(self, fingerprint: str) -> VirtualKey | None:
        with aws.within_reach("the key store"):
            found = aws.client("dynamodb").get_item(TableName=self.table, Key={"key_hash": {"S": fingerprint}})

        return _key(found["Item"]) if "Item" in found else None


def _key(item: Mapping[str, Mapping[str, Any]]) -> VirtualKey:
    """A record as README describes it; what it leaves out has VirtualKey's default, but it must name its models."""
    return VirtualKey(
        id=item["id"]["S"],
        name=item.get("name", {}).get("S", ""),
        models=_texts(item.get("models", {})),
        expires_at=float(item["expires_at"]["N"]) if "expires_at" in item else None,
        disabled=item.get("disabled", {}).get("BOOL", False),
    )


def _texts(attribute: Mapping[str, Any]) -> tuple[str, ...]:
    """A string set or a list of strings."""
    return tuple(attribute.get("SS") or (entry["S"] for entry in attribute.get("L", ())))
