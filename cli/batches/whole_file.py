"""Files that are there as a whole, or as they were before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """What is written in the block is in *path* after it; whatever goes wrong in it leaves *path* as it was."""
    # Another run may be at the same file at the same time.
    part = path.with_name(f"{path.name}.{getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
