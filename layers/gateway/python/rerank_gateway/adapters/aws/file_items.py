"""Files of requests and of results as DynamoDB's items."""

from __future__ import annotations

from dataclasses import asdict
from math import ceil
from typing import Any

from rerank_gateway.adapters.aws.batch_items import Item, float_of, int_of, text_of, to_attributes
from rerank_gateway.domain.batches.files import Purpose, StoredFile

FILE = "file"
"""Which part of its id the item is."""


def to_file_item(file: StoredFile) -> dict[str, Any]:
    plain = asdict(file) | {"part": FILE, "owned": f"{FILE}#{file.owner}", "expires_at": ceil(file.expires_at)}

    return to_attributes(plain)


def to_file(item: Item) -> StoredFile:
    return StoredFile(
        id=text_of(item, "id"),
        owner=text_of(item, "owner"),
        purpose=Purpose(text_of(item, "purpose")),
        filename=text_of(item, "filename"),
        size=int_of(item, "size"),
        object_key=text_of(item, "object_key"),
        created_at=float_of(item, "created_at"),
        expires_at=float_of(item, "expires_at"),
        is_uploaded=bool(item["is_uploaded"]["BOOL"]),
        etag=text_of(item, "etag"),
    )
