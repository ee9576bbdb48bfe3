"""The bytes of a request's body, off the wire."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from io import BufferedIOBase

PIECE = 64 * 1024
LONGEST_LINE = 64 * 1024


def read_body(stream: BufferedIOBase, headers: Message, largest: int) -> bytes:
    """
    The body that *stream* holds next, or its first *largest* + 1 bytes; the rest is read all the same, as callers
    send before they listen. Raises ValueError when it cannot be told where the body ends.
    """
    kept = bytearray()
    for piece in _pieces(stream, headers):
        kept += piece[: largest + 1 - len(kept)]

    return bytes(kept)


def _pieces(stream: BufferedIOBase, headers: Message) -> Iterator[bytes]:
    if headers.get("transfer-encoding", "").lower().endswith("chunked"):
        return _chunked(stream)

    return _measured(stream, int(headers.get("content-length", 0)))


def _measured(stream: BufferedIOBase, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = stream.read(min(size, PIECE))
        if not piece:
            raise ConnectionError("the caller hung up")
        size -= len(piece)
        yield piece


def _chunked(stream: BufferedIOBase) -> Iterator[bytes]:
    """The body behind `Transfer-Encoding: chunked` (RFC 9112, 7.1). Raises ValueError when it is none."""
    while size := int(stream.readline(LONGEST_LINE).partition(b";")[0], 16):
        yield from _measured(stream, size)
        if stream.readline(LONGEST_LINE).strip():
            raise ValueError("a chunk is longer than it says")
    while stream.readline(LONGEST_LINE).strip():
        pass
