"""Changes of accounts in DynamoDB's notation, for a write of their own or for one together with others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rerank_gateway.adapters.aws.usage_items import BALANCE
from rerank_gateway.domain.spending.changes import Change


class Names:
    """Placeholders for what may not stand in an expression: DynamoDB takes no spaces and no numbers there."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: list[str | int] = []

    def name(self, name: str) -> str:
        return self.names.setdefault(name, f"#n{len(self.names)}")

    def value(self, value: str | int) -> str:
        self.values.append(value)

        return f":v{len(self.values) - 1}"

    @property
    def used(self) -> dict[str, Any]:
        kinds = [{"S": value} if isinstance(value, str) else {"N": str(value)} for value in self.values]
        values = {f":v{place}": value for place, value in enumerate(kinds)}
        names = {placeholder: name for name, placeholder in self.names.items()}

        return {"ExpressionAttributeNames": names} | ({"ExpressionAttributeValues": values} if values else {})


def update(table: str, account: str, change: Change) -> dict[str, Any]:
    """*change* as UpdateItem takes it, and a transaction does."""
    names = Names()
    expressions = [
        _joined("ADD", (f"{names.name(name)} {names.value(number)}" for name, number in change.add.items())),
        _joined("REMOVE", map(names.name, change.remove)),
        f"SET team = {names.value(change.team)}" if change.team else "",
    ]
    conditions = [
        *(f"attribute_exists({names.name(name)})" for name in change.present),
        *(f"attribute_not_exists({names.name(name)})" for name in change.absent),
        *(_at_most(names.name(name), names.value(most)) for name, most in change.at_most.items()),
    ]
    expected = {"ConditionExpression": " AND ".join(conditions)} if conditions else {}

    return {
        "TableName": table,
        "Key": balance_key(account),
        "UpdateExpression": " ".join(filter(None, expressions)),
        **expected,
        **names.used,
    }


def _joined(clause: str, parts: Iterable[str]) -> str:
    listed = ", ".join(parts)

    return f"{clause} {listed}" if listed else ""


def _at_most(name: str, most: str) -> str:
    return f"(attribute_not_exists({name}) OR {name} <= {most})"


def balance_key(account: str) -> dict[str, Any]:
    return {"account": {"S": account}, "entry": {"S": BALANCE}}
