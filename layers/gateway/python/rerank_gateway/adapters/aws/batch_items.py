"""Batches as DynamoDB's items."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import ceil
from typing import Any, TypeAlias
from zlib import compress, decompress

from rerank_gateway.domain.batches.batch import Batch, BatchStatus, Counts, LineError

Item: TypeAlias = Mapping[str, Mapping[str, Any]]
Plain: TypeAlias = "str | float | bool | bytes | Sequence[str]"

BATCH = "batch"
"""Which part of its id the item is."""


def to_attribute(value: Plain) -> dict[str, Any]:
    """*value* in DynamoDB's notation."""
    match value:
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case str():
            return {"S": str(value)}
        case bytes():
            return {"B": value}

    return {"L": [{"S": each} for each in value]}


def to_attributes(values: Mapping[str, Plain | None]) -> dict[str, Any]:
    """What is None or empty is left out."""
    return {name: to_attribute(value) for name, value in values.items() if value not in (None, "", b"", ())}


def to_batch_item(batch: Batch) -> dict[str, Any]:
    return to_attributes(
        {
            "id": batch.id,
            "part": BATCH,
            "owned": f"{BATCH}#{batch.owner}",
            "owner": batch.owner,
            "models": batch.models,
            "input_file_id": batch.input_file_id,
            "input_key": batch.input_key,
            "input_etag": batch.input_etag,
            "created_at": batch.created_at,
            "deadline": batch.deadline,
            "results_ttl": batch.results_ttl,
            "status": batch.status,
            "expires_at": ceil(batch.expires_at),
            **_wishes(batch),
        }
    )


def _wishes(batch: Batch) -> dict[str, Plain | None]:
    """What its caller has said beside."""
    return {
        "params": batch.params,
        "metadata": json.dumps(dict(batch.metadata)) if batch.metadata else None,
        "output": batch.output,
        "webhook": batch.webhook,
    }


def to_batch(item: Item) -> Batch:
    return Batch(
        models=tuple(each["S"] for each in item["models"]["L"]) if "models" in item else (),
        created_at=float_of(item, "created_at"),
        deadline=float_of(item, "deadline"),
        results_ttl=int_of(item, "results_ttl"),
        status=BatchStatus(text_of(item, "status")),
        moments=_moments(item),
        counts=Counts(*(int_of(item, name) for name in ("total", "completed", "failed"))),
        cost=int_of(item, "cost"),
        chunks=int_of(item, "chunks"),
        chunks_done=int_of(item, "chunks_done"),
        errors=_errors(item),
        params=bytes(item["params"]["B"]) if "params" in item else b"",
        metadata=json.loads(text_of(item, "metadata") or "{}"),
        event_sent="event_sent_at" in item,
        validations=int_of(item, "validations"),
        output_file_id=text_of(item, "output_file_id") or None,
        error_file_id=text_of(item, "error_file_id") or None,
        **{name: text_of(item, name) for name in BATCH_TEXTS},
    )


BATCH_TEXTS = ("id", "owner", "input_file_id", "input_key", "input_etag", "output", "webhook")


def _moments(item: Item) -> dict[str, float]:
    return {status: float_of(item, name) for status in BatchStatus if (name := moment_name(status)) in item}


def moment_name(status: str) -> str:
    """The attribute that has when *status* was reached."""
    return f"{status}_at"


def packed_errors(errors: Sequence[LineError]) -> bytes:
    """As small as they can be: the item that they stand in is written as often as lines are counted."""
    return compress(json.dumps([asdict(error) for error in errors]).encode()) if errors else b""


def _errors(item: Item) -> tuple[LineError, ...]:
    packed = bytes(item["errors"]["B"]) if "errors" in item else b""

    return tuple(LineError(**each) for each in json.loads(decompress(packed))) if packed else ()


def text_of(item: Item, name: str) -> str:
    return str(item[name]["S"]) if name in item else ""


def int_of(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def float_of(item: Item, name: str) -> float:
    return float(item[name]["N"])
