"""The tables of template.yaml, made in an embedded AWS."""

from __future__ import annotations

from typing import Any


def table(dynamodb: Any, name: str, key: str, **more: Any) -> Any:
    """A table of items with a *key*, and what AWS says of it."""
    made = dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        **more,
    )

    return made["TableDescription"]


def keys_table(client: Any, name: str = "keys") -> None:
    table(client("dynamodb"), name, "key_hash")


def jobs_table(client: Any, name: str = "jobs") -> None:
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "owner", "AttributeType": "S"},
            {"AttributeName": "created_at", "AttributeType": "N"},
        ],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-owner",
                "KeySchema": [
                    {"AttributeName": "owner", "KeyType": "HASH"},
                    {"AttributeName": "created_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )


def cache_table(client: Any, name: str = "cache") -> None:
    table(client("dynamodb"), name, "cache_key")


def usage_table(client: Any, name: str = "usage") -> None:
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("account", "entry")],
        KeySchema=[{"AttributeName": "account", "KeyType": "HASH"}, {"AttributeName": "entry", "KeyType": "RANGE"}],
    )


def batches_table(client: Any, name: str = "batches") -> None:
    keys, words = ("id", "part"), ("id", "part", "owned")
    by_owner = {
        "IndexName": "by-owner",
        "KeySchema": [
            {"AttributeName": "owned", "KeyType": "HASH"},
            {"AttributeName": "created_at", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            *({"AttributeName": each, "AttributeType": "S"} for each in words),
            {"AttributeName": "created_at", "AttributeType": "N"},
        ],
        KeySchema=[
            {"AttributeName": each, "KeyType": kind} for each, kind in zip(keys, ("HASH", "RANGE"), strict=True)
        ],
        GlobalSecondaryIndexes=[by_owner],
    )


def webhooks_table(client: Any, name: str = "webhooks") -> None:
    client("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("kind", "entry")],
        KeySchema=[{"AttributeName": "kind", "KeyType": "HASH"}, {"AttributeName": "entry", "KeyType": "RANGE"}],
    )
