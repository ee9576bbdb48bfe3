"""What batches need from the world; `entry/wiring` fills it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.files import StoredFile


class Step(StrEnum):
    """What a message has a worker do with its batch."""

    VALIDATE = "validate"
    CHUNK = "chunk"
    FINALIZE = "finalize"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of an owner's list, the newest or the *oldest_first*: at most *limit*, behind the one *after*."""

    limit: int
    after: str | None = None
    oldest_first: bool = False


class BatchStore(Protocol):
    """Where batches are kept. All methods raise Unavailable. What has expired is not there."""

    def add(self, batch: Batch) -> Batch:
        """Keep *batch* unless its id is taken; the batch that has this id."""

    def find(self, batch_id: str) -> Batch | None: ...

    def of_owner(self, owner: str, part: Part) -> tuple[Sequence[Batch], bool]:
        """A part of the batches of *owner*, and whether there are more. Raises InvalidRequest behind none of them."""

    def cancel(self, batch: Batch, now: float) -> Batch:
        """Have a *batch* that is still validated or worked on end soon; the batch as it is then."""

    def forget(self, batch: Batch) -> None:
        """Remove *batch* if nothing has been done of it."""


class FileStore(Protocol):
    """Where it is kept which files there are. All methods raise Unavailable. What has expired is not there."""

    def add(self, file: StoredFile) -> None: ...

    def find(self, file_id: str) -> StoredFile | None: ...

    def of_owner(self, owner: str, part: Part) -> tuple[Sequence[StoredFile], bool]:
        """A part of the files of *owner*, and whether there are more. Raises InvalidRequest behind none of them."""

    def remove(self, file: StoredFile) -> None: ...


class StorageQuota(Protocol):
    def add(self, owner: str, day: int, size: int, most: int) -> bool:
        """
        Count *size* bytes for *owner* on a *day* since 1970, unless they would be more than *most* with those before;
        whether they are not. Raises Unavailable.
        """


class BatchQueue(Protocol):
    def send(self, batch: Batch, step: Step, chunks: Sequence[int] = ()) -> None:
        """
        Have a worker do *step* of *batch*, for each of the *chunks* where it is about these. An owner with much to do
        does not keep others waiting. Raises Unavailable.
        """
