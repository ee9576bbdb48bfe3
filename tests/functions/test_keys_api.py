"""Keys, made and changed over HTTP."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry import observability
from tests.documented import must_be_documented
from tests.functions.admin import Admin
from tests.functions.gateway import event, rerank

UNKNOWN = "0" * 64


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(observability.logger.registered_handler, "stream", stream)

    return stream


def test_a_new_key_works_and_its_secret_is_told_once(admin: Admin) -> None:
    """
    All that was said of it is in the answer, and the secret nowhere but there.
    """
    admin.ask("team_create", {"name": "search"})

    made = admin.ask("key_create")

    secret, data = made.json["key"], made.json["data"]
    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    assert data["hash"] == hash_of_token(secret)
    assert (data["name"], data["team"], data["models"]) == ("Search, production", "search", ["cohere/*", "default"])
    assert (data["limit"], data["limit_reset"], data["limit_remaining"], data["usage"]) == (50.0, "monthly", 50.0, 0.0)
    assert data["requests_per_minute"] == 600
    assert data["label"] == f"sk-rg-{secret[6:10]}...{secret[-4:]}"
    assert secret not in json.dumps([admin.ask("key_show", at=data["hash"]).json, admin.ask("key_list").json])
    assert rerank(model="default", headers={"authorization": f"Bearer {secret}"}).status == 200
    assert secret not in json.dumps(admin.records())


def test_a_key_may_ask_for_everything_unless_it_says_otherwise(admin: Admin) -> None:
    """
    A name is all that a key must have, as with OpenRouter.
    """
    _, secret = admin.create()

    assert rerank(headers={"authorization": f"Bearer {secret}"}).status == 200


@pytest.mark.parametrize(
    ("body", "param", "words"),
    [
        ({}, "name", "name is required"),
        ({"name": " "}, "name", "must not be blank"),
        ({"name": "a\u001b[31m"}, "name", "printable"),
        ({"name": "a", "limits": 5}, "limits", "limits is not known here; did you mean limit?"),
        ({"name": "a", "tram": "x"}, "tram", "did you mean team?"),
        ({"name": "a", "xyz": None}, "xyz", "xyz is not known here"),
        ({"name": "a", "limit": -1}, "limit", "at least 0"),
        ({"name": "a", "limit": "a lot"}, "limit", "must be a number"),
        ({"name": "a", "limit_reset": "yearly"}, "limit_reset", "'daily', 'weekly' or 'monthly'"),
        ({"name": "a", "requests_per_minute": 0}, "requests_per_minute", "at least 1"),
        ({"name": "a", "requests_per_minute": 1.5}, "requests_per_minute", "an integer"),
        ({"name": "a", "models": []}, "models", "must not be empty"),
        ({"name": "a", "models": [""]}, "models[0]", "must not be blank"),
        ({"name": "a", "team": "no/team"}, "team", "letters, digits"),
        ({"name": "a", "team": "nobody"}, "team", "there is no team 'nobody'"),
        ({"name": "a", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at", "in the future"),
        ({"name": "a", "expires_at": "2099-01-01T00:00:00"}, "expires_at", "must be a time such as"),
        ({"name": "a", "expires_at": "soon"}, "expires_at", "must be a time such as"),
        ({"name": "a", "disabled": 1}, "disabled", "true or false"),
        ("[]", None, "must be a JSON object"),
        ("{", None, "must be a JSON object"),
    ],
)
def test_what_is_wrong_with_a_key_is_named(admin: Admin, body: Any, param: str | None, words: str) -> None:
    """
    A clear 400 that names the field, and nothing is made.
    """
    refused = admin.ask("key_create", body)

    assert refused.status == 400
    assert words in refused.json["error"]["message"]
    assert refused.json["error"].get("metadata", {}).get("param") == param
    assert admin.records() == {}


def test_a_change_changes_what_it_names(admin: Admin) -> None:
    """
    The rest stays; null takes a limit away, and the key is told of as it is then.
    """
    key_hash, _ = admin.create(limit=5, limit_reset="daily", requests_per_minute=10)

    changed = admin.ask("key_change", {"limit": None, "name": "another"}, at=key_hash)

    data = changed.json["data"]
    assert (data["name"], data["limit"], data["limit_remaining"]) == ("another", None, None)
    assert (data["requests_per_minute"], data["limit_reset"]) == (10, "daily")
    assert data["updated_at"] >= data["created_at"]
    assert data == admin.ask("key_show", at=key_hash).json["data"]


def test_changes_at_the_same_time_lose_nothing(admin: Admin) -> None:
    """
    Each names a field of its own, and all of them hold: for the token, and for those who know the id.
    """
    key_hash, _ = admin.create(name="a key")
    changes: list[dict[str, Any]] = [
        {"name": "new"},
        {"requests_per_minute": 7},
        {"limit": 3.5},
        {"models": ["local/*"]},
        {"disabled": True},
    ]

    with ThreadPoolExecutor(len(changes)) as callers:
        statuses = list(callers.map(lambda body: admin.ask("key_change", body, at=key_hash).status, changes))

    data = admin.ask("key_show", at=key_hash).json["data"]
    assert set(statuses) == {200}
    assert {name: data[name] for body in changes for name in body} == {
        k: v for body in changes for k, v in body.items()
    }
    by_hash, by_id = (admin.records()[name] for name in (key_hash, f"id#{data['id']}"))
    assert {name: by_id[name] for name in by_hash if name != "key_hash"} == {
        name: value for name, value in by_hash.items() if name != "key_hash"
    }


def test_a_removed_key_is_gone(admin: Admin) -> None:
    """
    With all that there was of it; what is not there cannot be removed.
    """
    key_hash, secret = admin.create()

    removed = admin.ask("key_remove", at=key_hash)

    assert (removed.status, removed.json) == (200, {"deleted": True})
    assert admin.records() == {}
    assert rerank(headers={"authorization": f"Bearer {secret}"}).status == 401
    assert [admin.ask(name, at=key_hash).status for name in ("key_remove", "key_show", "key_change", "key_rotate")] == [
        404
    ] * 4


@pytest.mark.parametrize("at", [UNKNOWN, "x", "id#a", "team#search", "é" * 3000])
def test_what_can_be_no_hash_is_an_unknown_key(admin: Admin, at: str) -> None:
    """
    Neither other records nor what DynamoDB would refuse.
    """
    admin.ask("team_create", {"name": "search"})

    assert admin.ask("key_show", at=at).status == 404
    assert admin.ask("key_remove", at=at).json["error"]["code"] == 404


def test_a_creation_is_not_done_twice(admin: Admin) -> None:
    """
    Whoever sends the same Idempotency-Key again, having got no answer, learns which key they have.
    """

    def create() -> tuple[int, dict[str, Any]]:
        sent = event("key_create") | {"body": '{"name": "a"}'}
        sent["headers"]["idempotency-key"] = "monday"
        answer = admin.answer(sent)

        return answer["statusCode"], json.loads(answer["body"])

    (first, made), (second, refused) = create(), create()

    assert (first, second) == (201, 409)
    assert made["data"]["hash"] in refused["error"]["message"]
    assert len(admin.ask("key_list").json["data"]) == 1


def test_every_change_is_a_line_of_the_audit(admin: Admin, log: io.StringIO) -> None:
    """
    Who, what and which fields; neither a secret nor its hash, nor a name.
    """
    key_hash, secret = admin.create(name="a secret name", limit=5)
    rotated = admin.ask("key_rotate", {}, at=key_hash).json
    admin.ask("key_change", {"limit": 7, "name": "other"}, at=key_hash)
    admin.ask("key_remove", at=key_hash)

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    changes = [line for line in lines if line["message"].startswith("key_")]
    key_id = rotated["data"]["id"]
    assert [line["message"] for line in changes] == ["key_created", "key_rotated", "key_changed", "key_removed"]
    assert {(line["by"], line["changed_key"]) for line in changes} == {("master", key_id)}
    assert [line.get("fields") for line in changes] == [["limit", "name"], None, ["limit", "name"], None]
    for word in (secret, key_hash, rotated["key"], rotated["data"]["hash"], "a secret name"):
        assert word not in log.getvalue()


def test_each_answer_is_documented(admin: Admin) -> None:
    """
    An answer has the keys that the document names, and no others.
    """
    must_be_documented("POST /api/v1/teams", admin.answer(admin.event("team_create")))
    key_hash, secret = admin.create(team="search")
    asked = [
        *(admin.event(name, at="search") for name in ("team_list", "team_show", "team_change")),
        admin.event("key_create"),
        *(admin.event(name, at=key_hash) for name in ("key_rotate", "key_show", "key_change", "key_list")),
        admin.event("key_current", key=secret),
        admin.event("usage", group_by="day,team,key,model"),
        admin.event("key_remove", at=key_hash),
    ]

    for sent in asked:
        answer = admin.answer(sent)
        assert answer["statusCode"] in (200, 201)
        must_be_documented(sent["routeKey"], answer)
