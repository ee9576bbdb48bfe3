"""What lies in files, as a stream of bytes too long for the memory; `entry/wiring` fills these ports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol


class ContentGone(Exception):
    """What was found valid is not there any more, or something else in its place."""


@dataclass(frozen=True, slots=True)
class Content:
    """
    *size* bytes under *key*, which have the name *etag*: what is written there later has another one. "" is for what is
    never written over with anything else.
    """

    key: str
    size: int
    etag: str


class ContentWriter(Protocol):
    def write(self, content: bytes) -> None:
        """Write behind what is there already. Raises Unavailable."""


class Contents(Protocol):
    """All methods raise Unavailable."""

    def find(self, key: str) -> Content | None: ...

    def read(self, content: Content, start: int, end: int) -> bytes:
        """The bytes from *start* up to *end*, which is not among them. Raises ContentGone."""

    def stream(self, content: Content) -> Iterator[bytes]:
        """All of it, piece by piece. Raises ContentGone."""

    def put(self, key: str, content: bytes) -> None: ...

    def get(self, key: str) -> bytes:
        """All that is under *key*. Raises Unavailable also when there is none."""

    def writer(self, key: str) -> AbstractContextManager[ContentWriter]:
        """Writes under *key*, where all of it is to be seen at the end of the block; nothing after an error in it."""

    def remove(self, key: str) -> None: ...

    def remove_all(self, keys: Iterable[str]) -> None:
        """Remove what lies under as many *keys* as one likes, or most of it."""

    def download_address(self, key: str, filename: str, seconds: int) -> str:
        """Where anybody may read it for so many *seconds*, under the name *filename*."""

    def upload_address(self, key: str, size: int, seconds: int) -> str:
        """Where anybody may put it, by one PUT of just *size* bytes within so many *seconds*."""
