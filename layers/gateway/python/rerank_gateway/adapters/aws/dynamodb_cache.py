"""Answers in CacheTable, for all environments."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from math import ceil
from typing import Any

from pydantic_core import from_json, to_json

from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.domain.answer import CachedAnswer
from rerank_gateway.domain.ports import AnswerCache
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.target import Target

MAX_ITEM_BYTES = 350_000
"""Of a compressed answer that DynamoDB takes with its key; its own limit for an item is 400 KB."""


@dataclass(frozen=True, slots=True)
class DynamoAnswerCache(AnswerCache):
    """Neither query nor documents are in the table, and a key says nothing of them."""

    table: str
    dynamodb: AwsJsonApi

    def find(self, key: str, now: float) -> CachedAnswer | None:
        item = self.dynamodb.call("GetItem", {"TableName": self.table, "Key": {"cache_key": {"S": key}}}).get("Item")
        answer = _deserialize(item) if item else None

        # TTL deletes late.
        return answer if answer and answer.expires_at > now else None

    def keep(self, key: str, what: CachedAnswer) -> None:
        answer = _serialize(what)
        if len(answer) > MAX_ITEM_BYTES:
            return
        content = {"B": b64encode(answer).decode("ascii")}
        item = {"cache_key": {"S": key}, "expires_at": {"N": str(ceil(what.expires_at))}, "answer": content}
        # Unconditional: all that is ever written under this key answers the same request.
        self.dynamodb.call("PutItem", {"TableName": self.table, "Item": item})


def _serialize(what: CachedAnswer) -> bytes:
    content = {
        "provider": what.target.provider,
        "model": what.target.model,
        "kind": what.ranking.kind,
        "results": what.ranking.results,
        "truncated": sorted(what.truncated),
        "kept_at": what.kept_at,
    }

    return zlib.compress(to_json(content))


def _deserialize(item: dict[str, Any]) -> CachedAnswer | None:
    """The answer in *item*; None when it cannot be read, so that the next answer replaces it."""
    try:
        content = from_json(zlib.decompress(b64decode(item["answer"]["B"])))
        ranking = Ranking(tuple((index, score) for index, score in content["results"]), content["kind"])
        target, expires_at = Target(content["provider"], content["model"]), float(item["expires_at"]["N"])
        truncated = frozenset(content.get("truncated", ()))
        return CachedAnswer(ranking, target, float(content["kept_at"]), expires_at, truncated)
    except (ValueError, KeyError, TypeError, zlib.error):
        return None
