"""Cut files of lines into chunks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.batches import cutting
from rerank_gateway.domain.batches.chunks import INDEX_ENTRY, Chunk
from rerank_gateway.domain.batches.cutting import ChunkCutter, lines_of

MOST_BYTES = 100
LINES = st.lists(st.sampled_from([b"", b" ", b" " * 90, b"\r", b"{}", b"{}\r", b"x" * 70, b"y" * 150]), max_size=200)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few lines."""
    monkeypatch.setattr(cutting, "MAX_CHUNK_BYTES", MOST_BYTES)
    monkeypatch.setattr(cutting, "MAX_CHUNK_LINES", 7)


def cut(content: bytes, piece: int) -> list[Chunk]:
    """The chunks of *content*, which comes in pieces of so many bytes."""
    cutter = ChunkCutter()
    for line in lines_of(content[start : start + piece] for start in range(0, len(content), piece)):
        if line.strip():
            cutter.add(line, is_duplicate=line.startswith(b"x"))
        else:
            cutter.skip(line)
    cutter.cut()
    entries = [
        bytes(cutter.index[start : start + INDEX_ENTRY.size]) for start in range(0, len(cutter.index), INDEX_ENTRY.size)
    ]

    return [Chunk.unpacked(entry) for entry in entries]


@given(lines=LINES, ends=st.booleans(), piece=st.integers(1, 400))
def test_each_line_is_in_one_chunk_under_its_own_number(lines: list[bytes], ends: bool, piece: int) -> None:
    """
    Whatever is empty between them; and no chunk is larger than it may be, but for one with a single line.
    """
    content = b"\n".join(lines) + (b"\n" if ends else b"")

    chunks = cut(content, piece)

    found = [line for chunk in chunks for line in chunk.lines(content[chunk.start : chunk.start + chunk.size])]
    wanted = [(number, text) for number, text in enumerate(lines, 1) if text.strip()]
    assert [(each.number, each.text) for each in found] == wanted
    assert [each.is_duplicate for each in found] == [text.startswith(b"x") for _, text in wanted]
    assert all(chunk.size <= MOST_BYTES or chunk.count == 1 for chunk in chunks)
    assert all(1 <= chunk.count <= 7 for chunk in chunks)


def test_empty_lines_make_no_chunk_large() -> None:
    """
    Before the first line, between two and behind the last.
    """
    empty = (b" " * 49 + b"\n") * 50

    chunks = cut(empty + b"{}\n" + empty + b"{}\n" + empty, 64)

    assert [(chunk.first_line, chunk.count) for chunk in chunks] == [(51, 1), (101, 1)]
    assert max(chunk.size for chunk in chunks) <= MOST_BYTES
