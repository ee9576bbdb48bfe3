"""The results of a batch, written together."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.chunks import ChunkState
from rerank_gateway.domain.batches.results import LineEnd, LineResult, to_part
from rerank_gateway.use_cases.batches import finalize
from rerank_gateway.use_cases.batches.finalize import FinalizeBatch
from tests.fakes import FakeClock

CHUNKS = 40
PART = to_part([LineResult(0, LineEnd.ANSWERED, b"x" * 1000)])


@dataclass
class Together:
    """A batch of chunks with a line each, and what of them is *read*, *written* and at *most* in between."""

    read: int = 0
    written: int = 0
    most: int = 0
    ended: list[Any] = field(default_factory=list)

    def find(self, batch_id: str) -> Batch:
        waiting = Batch(id=batch_id, owner="a", input_file_id="file-1", created_at=0.0, deadline=9.0)

        return replace(waiting, chunks=CHUNKS, chunks_done=CHUNKS, status=BatchStatus.FINALIZING)

    def chunks(self, batch_id: str) -> Iterator[ChunkState]:
        for number in range(CHUNKS):
            self.read += len(PART)
            self.most = max(self.most, self.read - self.written)
            yield ChunkState(batch_id, number, parts=(f"h.0-{len(PART)}",))

    def get(self, key: str) -> bytes:
        return PART

    @contextmanager
    def writer(self, key: str) -> Iterator[Together]:
        yield self

    def write(self, content: bytes) -> None:
        self.written += len(PART)

    def add(self, file: Any) -> None: ...

    def __call__(self, batch: Batch, end: Any) -> None:
        self.ended.append(end)


@pytest.mark.parametrize("most", [1, 4500, 1_000_000])
def test_no_more_is_read_ahead_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """
    However many chunks that is, and at least the one that is written.
    """
    monkeypatch.setattr(finalize, "PREFETCHED_BYTES", most)
    all_of_it: Any = Together()
    with ThreadPoolExecutor(4) as pool:
        FinalizeBatch(all_of_it, all_of_it, all_of_it, all_of_it, pool, FakeClock())("batch_1")

    ahead = min(most, finalize.PREFETCHED_CHUNKS * len(PART))
    assert all_of_it.written == CHUNKS * len(PART)
    assert ahead - len(PART) < all_of_it.most <= ahead + 2 * len(PART)
    assert all_of_it.ended[0].status is BatchStatus.COMPLETED
