"""Storage of what jobs come to: compressed, in the item, or in the bucket when it is large."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TypeAlias

from rerank_gateway.adapters.aws.job_items import Item, deleted_at, holder_of
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES, S3Objects
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Job, Outcome

Values: TypeAlias = Mapping[str, str | float | bytes]
KEEP_LAST = "last_code = :last_code, last_model = :last_model, last_outcome = :last_outcome"
FORGET_LAST = "last_code, last_model, last_outcome"
INLINE, IN_BUCKET = "outcome", "outcome_at"
"""The attribute that has the compressed result, and the one that has its name in the bucket."""


def store_result(objects: S3Objects, job: Job, body: bytes) -> tuple[str, bytes | str]:
    """The attribute for *body* and its value, after writing what is large to *objects*. Raises Unavailable."""
    compressed = zlib.compress(body)
    if len(compressed) <= MAX_INLINE_BYTES:
        return INLINE, compressed
    # Under the lease's own name: a worker that comes too late must not overwrite what was recorded.
    name = f"results/{job.id}/{holder_of(job) or 'closed'}"
    objects.put(name, compressed)

    return IN_BUCKET, name


def end_of(finished: Job, outcome: Outcome, stored: tuple[str, bytes | str]) -> tuple[str, Values]:
    """The change that has a job *finished* with *outcome*, which is *stored* in that attribute, and its values."""
    attribute, result = stored
    now = finished.completed_at or 0.0
    change = (
        "SET #status = :ended, completed_at = :at, result_expires_at = :until, expires_at = :deleted, "
        f"status_code = :code, model = :model, {attribute} = :result "
        f"REMOVE lease_holder, lease_until, claims, {FORGET_LAST}"
    )

    return change, {
        ":ended": finished.status,
        ":at": now,
        ":until": finished.expires_at,
        ":deleted": deleted_at(finished, now),
        ":code": outcome.status_code,
        ":model": outcome.model,
        ":result": result,
    }


def load_outcome(objects: S3Objects, item: Item) -> Outcome | None:
    """The outcome of the job in *item*, None while it has none. Raises Unavailable."""
    if "status_code" not in item:
        return None
    compressed = item[INLINE]["B"] if INLINE in item else objects.get(item[IN_BUCKET]["S"])

    return Outcome(int(item["status_code"]["N"]), _decompressed(compressed), item["model"]["S"])


def outcome_without_body(item: Item) -> Outcome | None:
    """The same without what may lie in the bucket: for whoever only tells of it."""
    return Outcome(int(item["status_code"]["N"]), b"", item["model"]["S"]) if "status_code" in item else None


def last_values(outcome: Outcome) -> Values:
    """What KEEP_LAST writes of a try that did not end its job. It is an error, which is short."""
    return {
        ":last_code": outcome.status_code,
        ":last_model": outcome.model,
        ":last_outcome": zlib.compress(outcome.body),
    }


def load_last(item: Item) -> Outcome | None:
    """What the latest try of the job in *item* came to, None where there was none. Raises Unavailable."""
    if "last_code" not in item:
        return None

    return Outcome(
        int(item["last_code"]["N"]), _decompressed(item["last_outcome"]["B"]), item["last_model"]["S"], busy=True
    )


def _decompressed(content: bytes) -> bytes:
    try:
        return zlib.decompress(content)
    except zlib.error as error:
        raise Unavailable("a job's result did not arrive as it was written") from error
