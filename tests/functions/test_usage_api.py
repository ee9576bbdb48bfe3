"""Reports of usage."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.functions.admin import Admin

DAYS = {"from": "2026-11-01", "to": "2026-11-30"}
EVERYTHING = {**DAYS, "group_by": "day,team,key,model"}


def use(admin: Admin, key: str, day: str, requests: int, *, team: str = "search", model: str = "cohere/m") -> None:
    """Have *key* have made so many *requests* on that *day*, of two documents and a tenth of a cent each."""
    counted = {"requests": requests, "documents": requests * 2, "cost": requests * 1_000_000}
    numbers = {f"usage {day} {field} {model}": {"N": str(number)} for field, number in counted.items()}
    item = {"account": {"S": f"key#{key}"}, "entry": {"S": f"day#{day}"}, "team": {"S": team}, **numbers}
    admin.client("dynamodb").put_item(TableName="usage", Item=item)


@pytest.fixture
def used(admin: Admin) -> tuple[Admin, str, str]:
    """Two keys that have been used, one of them with this id and this secret."""
    admin.ask("team_create", {"name": "search"})
    key_hash, secret = admin.create(name="=danger", team="search")
    own = admin.ask("key_show", at=key_hash).json["data"]["id"]
    use(admin, own, "2026-11-02", 1)
    use(admin, own, "2026-11-03", 2)
    use(admin, "gone", "2026-11-03", 4, team="", model="=cmd")
    use(admin, own, "2026-12-01", 8)

    return admin, own, secret


def test_a_report_sums_what_was_used(used: tuple[Admin, str, str]) -> None:
    """
    Between two days, by what the caller wants it told apart by, and in total.
    """
    admin, own, _ = used

    by_team = admin.ask("usage", **DAYS, group_by="team").json
    by_day = admin.ask("usage", **DAYS, group_by="day,key").json

    assert by_team == {
        "object": "list",
        **DAYS,
        "group_by": ["team"],
        "data": [
            {"team": "", "requests": 4, "documents": 8, "cost": 0.004},
            {"team": "search", "requests": 3, "documents": 6, "cost": 0.003},
        ],
        "total": {"requests": 7, "documents": 14, "cost": 0.007},
    }
    assert [(row["day"], row["key"], row["key_name"], row["requests"]) for row in by_day["data"]] == [
        ("2026-11-02", own, "=danger", 1),
        *sorted([("2026-11-03", own, "=danger", 2), ("2026-11-03", "gone", "", 4)], key=lambda row: row[1]),
    ]


def test_a_team_has_spent_what_its_keys_have(admin: Admin) -> None:
    """
    While they belonged to it, those that are gone among them.
    """
    admin.ask("team_create", {"name": "search"})
    today, before = f"{datetime.now(UTC):%Y-%m-%d}", "2025-12-30"
    for key, day, requests in (("a", today, 1), ("gone", today, 2), ("gone", before, 4)):
        use(admin, key, day, requests)
    use(admin, "a", before, 8, team="chat")

    shown, (listed,) = (admin.ask(name, at="search").json["data"] for name in ("team_show", "team_list"))

    assert shown == listed
    assert [shown[f"usage{suffix}"] for suffix in ("", "_daily", "_weekly", "_monthly")] == [0.007, 0.003, 0.003, 0.003]


def test_a_key_sees_its_own_usage_only(used: tuple[Admin, str, str]) -> None:
    """
    Be there other keys or not.
    """
    admin, own, secret = used

    report = admin.ask("usage", key=secret, **EVERYTHING).json

    assert {row["key"] for row in report["data"]} == {own}
    assert report["total"]["requests"] == 3


def test_a_report_is_csv_for_those_who_accept_it(used: tuple[Admin, str, str]) -> None:
    """
    And nothing in it is a formula: callers name models as they like, and managers name keys.
    """
    admin, own, _ = used

    sent = admin.event("usage", **EVERYTHING)
    sent["headers"]["accept"] = "text/csv"
    answer = admin.answer(sent)

    rows = list(csv.DictReader(io.StringIO(answer["body"])))
    assert answer["headers"]["content-type"] == "text/csv; charset=utf-8"
    assert list(rows[0]) == ["day", "team", "key", "key_name", "model", "requests", "documents", "cost"]
    assert {row["model"] for row in rows} == {"cohere/m", "'=cmd"}
    assert {row["key_name"] for row in rows if row["key"] == own} == {"'=danger"}


def test_a_report_of_nothing_is_empty(admin: Admin) -> None:
    """
    From the first of this month until today, by team and key, unless the caller says otherwise.
    """
    report = admin.ask("usage").json

    assert (report["data"], report["total"]) == ([], {"requests": 0, "documents": 0, "cost": 0.0})
    assert (report["from"][-3:], report["from"][:7], report["group_by"]) == ("-01", report["to"][:7], ["team", "key"])


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-02-30", "to": "2026-03-01"}, "from"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "from"),
        ({"from": "2024-11-02", "to": "2026-11-01"}, "from"),
        ({"to": "1"}, "to"),
        ({"group_by": "hour"}, "group_by"),
        ({"group_by": "day,day"}, "group_by"),
    ],
)
def test_what_is_wrong_with_a_report_is_named(admin: Admin, query: dict[str, str], param: str) -> None:
    """
    A 400, in the native API's shape.
    """
    refused = admin.ask("usage", **query)

    assert (refused.status, refused.json["error"]["param"]) == (400, param)


def test_spending_stands_beside_the_limit(used: tuple[Admin, str, str]) -> None:
    """
    In the list, of the one key, and for the key itself.
    """
    admin, own, secret = used
    balance: dict[str, Any] = {"spent all": {"N": "1500000000"}, "total": {"N": "2500000000"}}
    item = {"account": {"S": f"key#{own}"}, "entry": {"S": "balance"}, **balance}
    admin.client("dynamodb").put_item(TableName="usage", Item=item)
    [listed] = admin.ask("key_list").json["data"]

    admin.ask("key_change", {"limit": 5}, at=listed["hash"])

    shown = admin.ask("key_show", at=listed["hash"]).json["data"]
    current = admin.ask("key_current", key=secret).json["data"]
    assert (shown["limit_remaining"], shown["usage"]) == (3.5, 2.5)
    assert (listed["usage"], current["usage"]) == (2.5, 2.5)
