"""What reports read of UsageTable."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_usage import DynamoUsageReader
from rerank_gateway.domain.spending.usage import Spending, UsageEntry
from tests.tables import usage_table

NOW = datetime(2026, 12, 2, 10, tzinfo=UTC).timestamp()
"""A Wednesday, whose week began in November."""


def put(client: Any, account: str, entry: str, numbers: dict[str, int], team: str = "search") -> None:
    counted = {name: {"N": str(number)} for name, number in numbers.items()}
    item = {"account": {"S": account}, "entry": {"S": entry}, "team": {"S": team}, **counted}
    client("dynamodb").put_item(TableName="usage", Item=item)


def usage(day: str, requests: int, documents: int, cost: int, model: str = "cohere/rerank-v3.5") -> dict[str, int]:
    numbers = {"requests": requests, "documents": documents, "cost": cost}

    return {f"usage {day} {field} {model}": number for field, number in numbers.items()}


@pytest.fixture
def reader(embedded_aws: Any) -> DynamoUsageReader:
    usage_table(embedded_aws)
    put(embedded_aws, "key#a", "day#2026-11-30", usage("2026-11-30", 1, 10, 100))
    put(embedded_aws, "key#a", "day#2026-12-01", usage("2026-12-01", 2, 20, 200), team="former")
    live = usage("2026-12-01", 3, 30, 300) | usage("2026-12-02", 4, 40, 400, "x/a model")
    over = {"held 2026-12 1796205600 jobs": 50, "held 2026-12 1796205600 a1": 30}
    held = over | {"spent 2026-12": 950, "held 2026-12 4000000000 jobs": 200, "total": 5_000}
    put(embedded_aws, "key#a", "balance", live | held)
    put(embedded_aws, "team#search", "balance", {"spent all": 7})

    return DynamoUsageReader("usage")


def test_entries_are_told_by_day_and_model(reader: DynamoUsageReader) -> None:
    """
    What is still in the balance goes before a day's own item.
    """
    assert list(reader.entries("2026-12-01", "2026-12-31")) == [
        UsageEntry("2026-12-01", "former", "a", "cohere/rerank-v3.5", 3, 30, 300),
        UsageEntry("2026-12-02", "search", "a", "x/a model", 4, 40, 400),
    ]


def test_spending_is_told_by_the_calendar(reader: DynamoUsageReader) -> None:
    """
    A job's reservation that has lapsed is not spent, and a call's is; the week is older than the month.
    """
    assert reader.spending("key#a", "monthly", NOW) == Spending(
        period=900, reserved=200, today=400, week=800, month=700, total=5_000
    )
    assert reader.spending("team#search", None, NOW) == Spending(period=7)
    assert reader.spending("key#nobody", None, NOW) == Spending()
