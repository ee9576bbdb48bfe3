"""The admin function as Lambda calls it, and the tables that it works on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import functions.admin.app
from tests.fakes import FakeContext
from tests.functions.gateway import Response, event

MASTER = "sk-local"


@dataclass(frozen=True)
class Admin:
    """Asks on the routes of `events/`, as the master key unless another one is given."""

    client: Any

    def ask(self, name: str, body: Any = None, *, key: str = MASTER, at: str = "", **query: str) -> Response:
        """Send events/NAME.json with *body* to the key or team that *at* names, with this *query* and no other."""
        sent = self.event(name, key=key, at=at, **query)
        if body is not None:
            sent["body"] = body if isinstance(body, str) else json.dumps(body)
        returned = self.answer(sent)

        return Response(returned["statusCode"], returned["headers"], _json(returned["body"]), returned["body"])

    def event(self, name: str, *, key: str = MASTER, at: str = "", **query: str) -> dict[str, Any]:
        sent = event(name)
        sent["headers"] |= {"authorization": f"Bearer {key}"}
        for parameter in sent.get("pathParameters", {}):
            sent["pathParameters"][parameter] = at

        return sent | {"queryStringParameters": query}

    def answer(self, sent: dict[str, Any]) -> dict[str, Any]:
        returned: dict[str, Any] = functions.admin.app.handler(sent, FakeContext())

        return returned

    def create(self, *, key: str = MASTER, **fields: Any) -> tuple[str, str]:
        """A new key with these *fields*: its hash and its secret."""
        made = self.ask("key_create", {"name": "a key", **fields}, key=key)
        assert made.status == 201, made.text

        return made.json["data"]["hash"], made.json["key"]

    def records(self) -> dict[str, dict[str, Any]]:
        """What is in KeysTable, by its hash key."""
        items = self.client("dynamodb").scan(TableName="keys")["Items"]

        return {item["key_hash"]["S"]: item for item in items}


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
