"""Keys get other tokens, and lose them."""

from __future__ import annotations

from datetime import UTC, datetime
from time import time
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.domain.management.records import MAX_GRACE_S
from rerank_gateway.entry.wiring.gateway import GATEWAY
from tests.functions.admin import Admin
from tests.functions.gateway import rerank


def works(secret: str) -> bool:
    """Whether the key is let in by an environment that has not seen it yet."""
    GATEWAY.close()

    return rerank(headers={"authorization": f"Bearer {secret}"}).status == 200


def end(admin: Admin, secret: str) -> None:
    """Have the time of a token be over."""
    admin.client("dynamodb").update_item(
        TableName="keys",
        Key={"key_hash": {"S": hash_of_token(secret)}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": str(time() - 1)}},
    )


def test_rotation_has_no_gap(admin: Admin) -> None:
    """
    Both secrets are good at first, the old one for a day, and both are one key.
    """
    old_hash, old = admin.create(limit=5)

    rotated = admin.ask("key_rotate", {}, at=old_hash)

    new, data = rotated.json["key"], rotated.json["data"]
    assert (rotated.status, data["hash"], data["previous"]["hash"]) == (200, hash_of_token(new), old_hash)
    assert works(old)
    assert works(new)
    records = admin.records()
    assert float(records[old_hash]["expires_at"]["N"]) == pytest.approx(time() + MAX_GRACE_S, abs=60)
    assert records[old_hash]["id"] == records[data["hash"]]["id"]
    assert len(admin.ask("key_list").json["data"]) == 1
    end(admin, old)
    assert not works(old)


def test_a_rotation_whose_answer_was_lost_is_done_again(admin: Admin) -> None:
    """
    By the hash that one knows: the secret that nobody has got is gone, and the old one is not.
    """
    old_hash, old = admin.create()
    lost = admin.ask("key_rotate", {}, at=old_hash).json["key"]

    again = admin.ask("key_rotate", {}, at=old_hash).json["key"]

    assert [works(secret) for secret in (old, lost, again)] == [True, False, True]
    assert len(admin.records()) == 3


def test_of_two_rotations_the_last_token_before_stays(admin: Admin) -> None:
    """
    The one before that is gone at once.
    """
    first_hash, first = admin.create()
    second = admin.ask("key_rotate", {}, at=first_hash).json

    third = admin.ask("key_rotate", {}, at=second["data"]["hash"]).json

    assert [works(secret) for secret in (first, second["key"], third["key"])] == [False, True, True]


def test_a_leaked_secret_is_gone_without_grace(admin: Admin) -> None:
    """
    Nobody has to wait for a day.
    """
    old_hash, old = admin.create()

    rotated = admin.ask("key_rotate", {"grace_seconds": 0}, at=old_hash).json

    assert rotated["data"]["previous"] is None
    assert [works(old), works(rotated["key"])] == [False, True]
    assert old_hash not in admin.records()


@pytest.mark.parametrize("seconds", [-1, MAX_GRACE_S + 1, "soon"])
def test_grace_is_a_day_at_most(admin: Admin, seconds: Any) -> None:
    """
    And the rest is refused by name.
    """
    key_hash, _ = admin.create()

    refused = admin.ask("key_rotate", {"grace_seconds": seconds}, at=key_hash)

    assert refused.status == 400
    assert "grace_seconds" in refused.json["error"]["message"]


def test_what_ends_before_its_grace_is_not_prolonged(admin: Admin) -> None:
    """
    A key that ends in an hour has no token that is good for longer.
    """
    key_hash, _ = admin.create(expires_at="2099-01-01T00:00:00Z")
    admin.ask("key_change", {"expires_at": _in(3600)}, at=key_hash)

    rotated = admin.ask("key_rotate", {}, at=key_hash).json["data"]

    assert rotated["previous"]["expires_at"] == rotated["expires_at"]


def test_a_change_holds_for_both_tokens(admin: Admin) -> None:
    """
    A key that is switched off is so for those who have its old secret too; but that one ends when it would have.
    """
    old_hash, old = admin.create()
    rotated = admin.ask("key_rotate", {}, at=old_hash).json
    ends = admin.records()[old_hash]["expires_at"]

    admin.ask("key_change", {"disabled": True, "expires_at": "2099-01-01T00:00:00Z"}, at=rotated["data"]["hash"])

    assert [works(old), works(rotated["key"])] == [False, False]
    assert admin.records()[old_hash]["expires_at"] == ends


def test_removal_ends_both_tokens(admin: Admin) -> None:
    """
    Whichever of them names the key.
    """
    old_hash, old = admin.create()
    new = admin.ask("key_rotate", {}, at=old_hash).json["key"]

    admin.ask("key_remove", at=old_hash)

    assert [works(old), works(new)] == [False, False]
    assert admin.records() == {}


def _in(seconds: float) -> str:
    return datetime.fromtimestamp(time() + seconds, UTC).isoformat(timespec="seconds")
