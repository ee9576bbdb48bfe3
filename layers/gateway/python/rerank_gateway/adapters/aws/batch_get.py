"""Many items of a table of DynamoDB's, read at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.aws.job_items import Item
from rerank_gateway.domain.errors import Unavailable


@dataclass(frozen=True, slots=True)
class BatchGet:
    """
    *call* has DynamoDB answer a BatchGetItem. It hands items over in parts where they are large: after *most_calls* the
    rest is out of reach. *what* lies in the *table*.
    """

    call: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    table: str
    what: str
    most_calls: int

    def __call__(self, keys: Any, **more: Any) -> Mapping[str, Item]:
        """What there is of up to a hundred *keys*, by its id, each as it is now. Raises Unavailable."""
        there: dict[str, Item] = {}
        for _ in range(self.most_calls):
            if not keys:
                return there
            found = self.call({"RequestItems": {self.table: {"Keys": keys, **more, "ConsistentRead": True}}})
            there |= {item["id"]["S"]: item for item in found["Responses"].get(self.table, ())}
            keys = found.get("UnprocessedKeys", {}).get(self.table, {}).get("Keys")

        raise Unavailable(f"{self.what} cannot be read at the moment", cause="dynamodb.BatchGetItem Unprocessed")
