"""Teams, and the keys in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.admin import Admin


def test_a_team_is_made_changed_and_removed(admin: Admin) -> None:
    """
    With limits of its own.
    """
    made = admin.ask("team_create")
    changed = admin.ask("team_change", at="search")
    again = admin.ask("team_create")
    shown = admin.ask("team_show", at="search")
    listed = admin.ask("team_list")
    removed = admin.ask("team_remove", at="search")

    assert (made.status, made.json["data"]["limit"], made.json["data"]["limit_reset"]) == (201, 200.0, "monthly")
    assert (changed.json["data"]["documents_per_minute"], changed.json["data"]["limit"]) == (20000, 200.0)
    assert again.status == 409
    assert listed.json["data"] == [shown.json["data"]] == [changed.json["data"]]
    assert removed.json == {"deleted": True}
    assert admin.ask("team_show", at="search").status == 404
    assert admin.records() == {}


@pytest.mark.parametrize("name", ["team_show", "team_change", "team_remove"])
@pytest.mark.parametrize("at", ["nobody", "no/team", "x" * 3000])
def test_an_unknown_team_is_404(admin: Admin, name: str, at: str) -> None:
    """
    Also what can be no team's name.
    """
    assert admin.ask(name, {} if name == "team_change" else None, at=at).status == 404


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "name is required"),
        ({"name": "a b"}, "letters, digits"),
        ({"name": "x" * 65}, "at most 64"),
        ({"name": "a", "budget": 5}, "budget is not known here"),
    ],
)
def test_what_is_wrong_with_a_team_is_named(admin: Admin, body: Any, words: str) -> None:
    """
    As with keys.
    """
    refused = admin.ask("team_create", body)

    assert refused.status == 400
    assert words in refused.json["error"]["message"]


def test_a_team_counts_its_keys(admin: Admin) -> None:
    """
    And can be removed only when there are none: a key would be without its team's limits.
    """
    for name in ("search", "chat"):
        admin.ask("team_create", {"name": name})
    moved, _ = admin.create(team="search")
    removed, _ = admin.create(team="search")

    assert admin.ask("team_show", at="search").json["data"]["keys"] == 2
    assert admin.ask("team_remove", at="search").status == 409
    admin.ask("key_change", {"team": "chat"}, at=moved)
    admin.ask("key_change", {"team": "chat"}, at=moved)
    admin.ask("key_remove", at=removed)

    counts = {row["name"]: row["keys"] for row in admin.ask("team_list").json["data"]}
    assert counts == {"chat": 1, "search": 0}
    assert admin.ask("team_remove", at="search").status == 200
    admin.ask("key_change", {"team": None}, at=moved)
    assert admin.ask("team_remove", at="chat").status == 200


def test_a_key_joins_no_team_that_is_not_there(admin: Admin) -> None:
    """
    And stays where it was.
    """
    key_hash, _ = admin.create()

    refused = admin.ask("key_change", {"team": "nobody"}, at=key_hash)

    assert refused.status == 400
    assert admin.ask("key_show", at=key_hash).json["data"]["team"] is None
