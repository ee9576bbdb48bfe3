"""Bytes among the values of an item: boto3 has them as such, and DynamoDB's JSON as base64."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

Values = Mapping[str, Mapping[str, Any]]


def with_base64(values: Values) -> dict[str, Mapping[str, Any]]:
    """*values* as they are sent."""
    return {name: {"B": b64encode(value["B"]).decode()} if "B" in value else value for name, value in values.items()}


def with_bytes(values: Values) -> dict[str, Mapping[str, Any]]:
    """*values* that were received, as boto3 would have them."""
    return {name: {"B": b64decode(value["B"])} if "B" in value else value for name, value in values.items()}
