"""The files that a model is made of, in one folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from rerank_gateway.adapters.local.cross_encoder.broken_model import BrokenModel

MODEL, TOKENIZER, CONFIG = "model.onnx", "tokenizer.json", "config.json"
CHECKSUMS = "SHA256SUMS"
"""As `sha256sum *` writes it. It also says which files there are."""
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([A-Za-z0-9_][A-Za-z0-9._-]*)")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    folder: Path

    @classmethod
    def at(cls, folder: Path) -> ModelFiles:
        """
        Those in *folder*: all that a model needs, and as their checksums say where there are some. Raises BrokenModel.
        """
        for name in (MODEL, TOKENIZER):
            if not (folder / name).is_file():
                raise BrokenModel(f"{folder} has no {name}")
        checksums = folder / CHECKSUMS
        if checksums.is_file():
            for name, digest in parse_checksums(checksums.read_text("utf-8", "replace")).items():
                require_checksum(folder / name, digest)

        return cls(folder)

    @property
    def model(self) -> Path:
        return self.folder / MODEL

    @property
    def tokenizer(self) -> Path:
        return self.folder / TOKENIZER

    def config(self) -> Mapping[str, Any]:
        """What `config.json` says of the model; nothing where there is none. Raises BrokenModel."""
        path = self.folder / CONFIG
        if not path.is_file():
            return {}
        try:
            config = json.loads(path.read_text("utf-8"))
        except ValueError as unreadable:
            raise BrokenModel(f"{CONFIG} is not JSON") from unreadable
        if not isinstance(config, dict):
            raise BrokenModel(f"{CONFIG} is no JSON object")

        return config


def parse_checksums(text: str) -> Mapping[str, str]:
    """The SHA-256 of each file, by its name. Raises BrokenModel, also where one that a model needs is missing."""
    lines = [line for line in text.splitlines() if line.strip()]
    matches = [_LINE.fullmatch(line) for line in lines]
    if not all(matches):
        raise BrokenModel(f"{CHECKSUMS} has a line that `sha256sum *` would not write")
    checksums = {match[2]: match[1] for match in matches if match}
    for name in (MODEL, TOKENIZER):
        if name not in checksums:
            raise BrokenModel(f"{CHECKSUMS} has no line for {name}")

    return {name: digest for name, digest in checksums.items() if name != CHECKSUMS}


def has_checksum(path: Path, digest: str) -> bool:
    """Whether there is a file at *path*, with that SHA-256."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest() == digest


def require_checksum(path: Path, digest: str) -> None:
    if not has_checksum(path, digest):
        raise BrokenModel(f"{path.name} does not have the SHA-256 that {CHECKSUMS} says: is it all there?")
