"""Make a batch of an object that somebody put into the bucket."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from rerank_gateway.domain.batches.batch import COMPLETION_WINDOW_S, Batch
from rerank_gateway.domain.batches.contents import Contents
from rerank_gateway.domain.batches.files import DEFAULT_FILE_TTL_S, Purpose, StoredFile
from rerank_gateway.domain.batches.messages import Drop
from rerank_gateway.domain.batches.ports import BatchQueue, BatchStore, FileStore, Step
from rerank_gateway.domain.batches.results import OUTPUT, dropped_key
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import FaultyKey
from rerank_gateway.domain.keys import EVERY_MODEL, MASTER_ID, VirtualKey

DROPS, RESULTS = "batches/in/", "batches/out/"
"""What the keys of dropped objects begin with, and those of their results; then comes their owner."""
MAX_KEY_BYTES = 1024
"""S3's."""


@dataclass(frozen=True, slots=True)
class TakeDrop:
    """*find_owner* has the keys by their ids."""

    batches: BatchStore
    files: FileStore
    contents: Contents
    queue: BatchQueue
    find_owner: Callable[[str], VirtualKey | None]
    clock: Clock

    def __call__(self, drop: Drop) -> bool:
        """
        Queue the batch of *drop*: the same one when it is told of twice. False when nobody has the id of its owner, or
        that record cannot be read, or its name leaves no room for that of its results.

        Raises Unavailable.
        """
        owner, _, name = drop.content.key.removeprefix(DROPS).partition("/")
        if not name or name.endswith("/"):
            return True
        output = f"{RESULTS}{owner}/{name}"
        if len(dropped_key(output, OUTPUT).encode()) > MAX_KEY_BYTES:
            return False
        try:
            key = VirtualKey(MASTER_ID, models=EVERY_MODEL) if owner == MASTER_ID else self.find_owner(owner)
        except FaultyKey as faulty:
            return self._refuse(output, faulty.code, faulty.message)
        if key is None:
            return self._refuse(output, "unknown_owner", "no key has this id")
        self._keep(drop, key, output)

        return True

    def _refuse(self, output: str, code: str, message: str) -> bool:
        error = {"status": "failed", "errors": [{"code": code, "message": message}]}
        self.contents.put(f"{output}.batch.json", json.dumps(error).encode())

        return False

    def _keep(self, drop: Drop, key: VirtualKey, output: str) -> None:
        file, now = _file(drop, key, self.clock.epoch()), self.clock.epoch()
        batch = Batch(
            id=file.id.replace("file-", "batch_"),
            owner=key.id,
            models=key.models,
            input_file_id=file.id,
            input_key=drop.content.key,
            input_etag=drop.content.etag,
            created_at=now,
            deadline=now + COMPLETION_WINDOW_S,
            output=output,
            webhook=key.webhook,
        )
        self.files.add(file)
        self.batches.add(batch)
        # Also one that was there before: whoever kept it may have died before it was queued.
        self.queue.send(batch, Step.VALIDATE)


def _file(drop: Drop, key: VirtualKey, now: float) -> StoredFile:
    content = drop.content
    mark = sha256(f"{content.key}\n{content.etag}\n{drop.arrival}".encode()).hexdigest()[:32]

    return StoredFile(
        id=f"file-{mark}",
        owner=key.id,
        purpose=Purpose.BATCH,
        filename=content.key.rpartition("/")[2],
        size=content.size,
        object_key=content.key,
        created_at=now,
        expires_at=now + DEFAULT_FILE_TTL_S,
        etag=content.etag,
    )
