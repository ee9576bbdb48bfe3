"""Storage of jobs' results: compressed, in the item, or in the bucket when they are large."""

from __future__ import annotations

import zlib

from rerank_gateway.adapters.aws.job_items import Item, holder_of
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES, S3Objects
from rerank_gateway.domain.jobs.job import Job, Outcome

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


def load_outcome(objects: S3Objects, item: Item) -> Outcome | None:
    """The outcome of the job in *item*, None while it has none. Raises Unavailable."""
    if "status_code" not in item:
        return None
    compressed = item[INLINE]["B"] if INLINE in item else objects.get(item[IN_BUCKET]["S"])

    return Outcome(int(item["status_code"]["N"]), zlib.decompress(compressed), item["model"]["S"])
