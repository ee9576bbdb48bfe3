"""What becomes of items of BatchesTable, in DynamoDB's notation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from rerank_gateway.adapters.aws.batch_items import Plain, to_attribute

Values: TypeAlias = dict[str, Plain]


@dataclass(frozen=True, slots=True)
class Change:
    """
    What becomes of one item, in DynamoDB's notation, if it is as *expected*. Attributes are `#NAME`, and what `:NAME`
    stands for is in *values*.
    """

    id: str
    part: str
    change: str
    expected: str
    values: Mapping[str, Plain] = field(default_factory=dict)

    def request(self, table: str) -> dict[str, Any]:
        names = {f"#{name}": name for name in re.findall(r"#(\w+)", f"{self.change} {self.expected}")}
        update = {"UpdateExpression": self.change} if self.change else {}
        values = {f":{name}": to_attribute(value) for name, value in self.values.items()}

        return {
            "TableName": table,
            "Key": key(self.id, self.part),
            "ConditionExpression": self.expected,
            "ExpressionAttributeNames": names,
            **({"ExpressionAttributeValues": values} if values else {}),
            **update,
        }


def key(item_id: str, part: str) -> Mapping[str, Any]:
    return {"id": {"S": item_id}, "part": {"S": part}}
