"""Private copies of the working tree, so that the tree itself is never changed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

LAYER = "layers/gateway/python"
LEFT_OUT = (".git", ".venv*", ".aws-sam", ".*_cache", ".hypothesis", ".mutate*", "node_modules", "__pycache__")


@dataclass(frozen=True)
class Copy:
    """A copy of the tree at *root*."""

    root: Path
    edits: Iterator[int] = field(default_factory=lambda: count(1))

    @classmethod
    def of(cls, tree: Path, root: Path) -> Copy:
        """Copy *tree* to *root*, which does not exist yet, without what tools have left there."""
        shutil.copytree(tree, root, ignore=shutil.ignore_patterns(*LEFT_OUT))

        return cls(root.resolve())

    @contextmanager
    def edited(self, path: str, data: bytes) -> Iterator[None]:
        """For a while the file *path* is *data*."""
        file = self.root / path
        before, time = file.read_bytes(), int(file.stat().st_mtime)
        try:
            file.write_bytes(data)
            # Python takes a compiled file for the source's if time and size are the same. Here they never are.
            os.utime(file, (time, time + next(self.edits)))
            yield
        finally:
            file.write_bytes(before)
            os.utime(file, (time, time))

    def environment(self, *first: str, **variables: str) -> Mapping[str, str]:
        """An environment in which Python finds the copy's modules and no others of ours; *first* of all the folders."""
        path = os.pathsep.join(str(self.root / folder) for folder in (*first, LAYER, "."))

        return {**os.environ, **variables, "PYTHONPATH": path}
