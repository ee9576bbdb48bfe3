"""CacheTable, as template.yaml has it."""

from __future__ import annotations

from typing import Any


def cache_table(client: Any, name: str = "cache") -> None:
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "cache_key", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "cache_key", "KeyType": "HASH"}],
    )
