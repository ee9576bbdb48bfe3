"""What jobs are called."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID, uuid4


def new_job_id() -> str:
    return str(uuid4())


def idempotent_job_id(owner: str, idempotency_key: str) -> str:
    """The id that the jobs of *owner* with this *idempotency_key* have in common."""
    # Two hashes, so that no owner's key can be made to look like another's.
    parts = (sha256(part.encode("utf-8", "surrogatepass")).digest() for part in (owner, idempotency_key))

    return str(UUID(bytes=sha256(b"".join(parts)).digest()[:16], version=5))
