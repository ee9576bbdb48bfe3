"""Who may manage keys, and how lists of them are read."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from tests.functions.admin import Admin
from tests.functions.gateway import event

MANAGING = [
    ("key_create", {"name": "a"}),
    ("key_list", None),
    ("key_show", None),
    ("key_change", {"disabled": True}),
    ("key_rotate", {}),
    ("key_remove", None),
    ("team_create", {"name": "a"}),
    ("team_list", None),
    ("team_show", None),
    ("team_change", {"limit": 1}),
    ("team_remove", None),
]


def put(admin: Admin, key_hash: str, **attributes: Any) -> None:
    """A record that somebody wrote by hand."""
    admin.client("dynamodb").put_item(TableName="keys", Item={"key_hash": {"S": key_hash}, **attributes})


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows]


@pytest.mark.parametrize(("name", "body"), MANAGING, ids=[name for name, _ in MANAGING])
def test_managing_takes_the_master_key_or_an_admin(admin: Admin, name: str, body: Any) -> None:
    """
    Any other key is told so, whether what it asks for is there or not; who has none is not let in.
    """
    key_hash, secret = admin.create()
    at = "nobody" if name.startswith("team") else key_hash

    refused, unknown = (admin.ask(name, body, key=key, at=at) for key in (secret, "sk-nobody"))

    assert (refused.status, unknown.status) == (403, 401)
    assert "master key" in refused.json["error"]["message"]


def test_an_admin_manages_keys_that_are_none(admin: Admin) -> None:
    """
    It makes, changes, rotates and removes them, and sees all.
    """
    _, secret = admin.create(name="boss", admin=True)
    key_hash, _ = admin.create(key=secret, name="a key")

    changed = admin.ask("key_change", {"limit": 1}, key=secret, at=key_hash)
    rotated = admin.ask("key_rotate", {}, key=secret, at=key_hash)
    listed = admin.ask("key_list", key=secret)
    removed = admin.ask("key_remove", key=secret, at=key_hash)

    assert [each.status for each in (changed, rotated, listed, removed)] == [200] * 4
    assert names(listed.json["data"]) == ["boss", "a key"]


def test_nobody_makes_themselves_more_than_they_are(admin: Admin) -> None:
    """
    What has `admin`, the key itself too, is the master key's to make and to change.
    """
    own, secret = admin.create(name="boss", admin=True, limit=1)
    other, _ = admin.create(name="other boss", admin=True)
    plain, _ = admin.create(name="plain")

    refused = [
        admin.ask("key_create", {"name": "a", "admin": True}, key=secret),
        admin.ask("key_change", {"limit": None}, key=secret, at=own),
        admin.ask("key_change", {"admin": True}, key=secret, at=plain),
        admin.ask("key_rotate", {}, key=secret, at=other),
        admin.ask("key_remove", key=secret, at=other),
    ]

    assert [each.status for each in refused] == [403] * 5
    assert admin.ask("key_change", {"admin": False}, at=other).status == 200
    assert admin.ask("key_remove", key=secret, at=other).status == 200


def test_any_key_is_told_of_itself(admin: Admin) -> None:
    """
    In OpenRouter's words; the master key has no limits.
    """
    admin.ask("team_create", {"name": "search"})
    _, secret = admin.create(team="search", limit=5, limit_reset="weekly", requests_per_minute=60)

    own, master = (admin.ask("key_current", key=key).json["data"] for key in (secret, "sk-local"))

    assert (own["label"], own["team"], own["limit"], own["limit_remaining"]) == ("a key", "search", 5.0, 5.0)
    assert (own["limit_reset"], own["rate_limit"]["requests"], own["is_management_key"]) == ("weekly", 60, False)
    assert (master["label"], master["limit"], master["is_management_key"]) == ("master", None, True)


def test_a_list_comes_in_pages(admin: Admin) -> None:
    """
    The oldest first; who goes on after a page misses none, though keys of it were removed, rotated and made meanwhile.
    """
    hashes = [admin.create(name=f"key {number}")[0] for number in range(5)]
    page = admin.ask("key_list", limit="2").json
    admin.ask("key_remove", at=hashes[0])
    admin.ask("key_rotate", {}, at=hashes[1])
    admin.create(name="key 5")

    rest = admin.ask("key_list", after=page["next"]).json

    assert names(page["data"]) == ["key 0", "key 1"]
    assert names(rest["data"]) == ["key 2", "key 3", "key 4", "key 5"]
    assert rest["next"] is None
    assert names(admin.ask("key_list", offset="3").json["data"]) == ["key 4", "key 5"]


def test_a_list_is_filtered(admin: Admin) -> None:
    """
    By team; what is switched off or over is shown to those who ask for it.
    """
    admin.ask("team_create", {"name": "search"})
    admin.create(name="searching", team="search")
    admin.create(name="off", disabled=True)
    put(admin, "f" * 64, id={"S": "x"}, name={"S": "over"}, expires_at={"N": "1"})

    def listed(**query: str) -> list[str]:
        return sorted(names(admin.ask("key_list", **query).json["data"]))

    assert listed() == ["searching"]
    assert listed(team="search") == ["searching"]
    assert listed(team="nobody") == []
    assert listed(include_disabled="true") == ["off", "searching"]
    assert listed(include_disabled="true", include_expired="true") == ["off", "over", "searching"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "101"), ("limit", "x"), ("offset", "-1"), ("after", ""), ("include_disabled", "maybe")],
)
def test_what_is_wrong_with_a_query_is_named(admin: Admin, name: str, value: str) -> None:
    """
    A 400, and the parameter's name.
    """
    refused = admin.ask("key_list", **{name: value})

    assert refused.status == 400
    assert refused.json["error"]["metadata"]["param"] == name


def test_keys_written_by_hand_are_managed_like_others(admin: Admin) -> None:
    """
    They are listed, changed, rotated and removed, under the id that they have.
    """
    key_hash = hash_of_token("sk-hand")
    put(admin, key_hash, id={"S": "team-a"}, name={"S": "Team A"}, models={"SS": ["local/*"]})

    listed = admin.ask("key_list").json["data"]
    changed = admin.ask("key_change", {"limit": 2}, at=key_hash)
    rotated = admin.ask("key_rotate", {}, at=key_hash)
    removed = admin.ask("key_remove", at=key_hash)

    assert [(row["hash"], row["id"], row["models"]) for row in listed] == [(key_hash, "team-a", ["local/*"])]
    assert (changed.json["data"]["limit"], changed.json["data"]["id"]) == (2.0, "team-a")
    assert (rotated.status, removed.status) == (200, 200)
    assert admin.records() == {}


def test_a_record_that_cannot_be_read_is_shown_and_can_be_removed(admin: Admin) -> None:
    """
    It is no key for anyone, and says why; nothing else can be done to it.
    """
    key_hash = hash_of_token("sk-hand")
    put(admin, key_hash, id={"S": "team-a"}, models={"S": "*"})

    [shown] = admin.ask("key_list", include_disabled="true").json["data"]
    changed = admin.ask("key_change", {"name": "a"}, at=key_hash)

    assert (shown["disabled"], shown["fault"]) == (True, "models")
    assert changed.status == 400
    assert "models" in changed.json["error"]["message"]
    assert admin.ask("key_remove", at=key_hash).status == 200


def test_an_outage_of_the_table_is_503(admin: Admin) -> None:
    """
    Who comes back later may be luckier.
    """
    admin.client("dynamodb").delete_table(TableName="keys")

    refused = admin.answer(event("key_create"))

    assert (refused["statusCode"], refused["headers"]["retry-after"]) == (503, "1")
