"""A model from S3, onto this machine's disk. Only who has one there loads this module: boto3 takes a while."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rerank_gateway.adapters.local.cross_encoder.broken_model import BrokenModel
from rerank_gateway.adapters.local.cross_encoder.model_files import (
    CHECKSUMS,
    ModelFiles,
    has_checksum,
    parse_checksums,
    require_checksum,
)

CHUNK_BYTES = 1024 * 1024
MAX_CHECKSUMS_BYTES = 64 * 1024


def download(address: str, folder: Path) -> ModelFiles:
    """
    The files under *address*, `s3://BUCKET/PREFIX/`, in *folder*: those that its SHA256SUMS names. What is there
    already, and whole, stays as it is. Raises BrokenModel.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    place = Place(boto3.client("s3"), bucket, prefix if not prefix or prefix.endswith("/") else f"{prefix}/")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        for name, digest in place.checksums().items():
            if not has_checksum(folder / name, digest):
                place.copy(name, folder / name)
                require_checksum(folder / name, digest)
    except (BotoCoreError, ClientError, OSError) as error:
        raise BrokenModel(f"{address} cannot be read: {error}") from error

    return ModelFiles.at(folder)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in S3 a model is."""

    s3: Any
    bucket: str
    prefix: str

    def checksums(self) -> Mapping[str, str]:
        found = self._get(CHECKSUMS)
        if found["ContentLength"] > MAX_CHECKSUMS_BYTES:
            raise BrokenModel(f"{CHECKSUMS} is too large to be what `sha256sum *` writes")

        return parse_checksums(found["Body"].read().decode("utf-8", "replace"))

    def copy(self, name: str, path: Path) -> None:
        """Write the object called *name* to *path*. Raises BrokenModel when it does not fit, or is not all there."""
        found = self._get(name)
        size, free = found["ContentLength"], shutil.disk_usage(path.parent).free
        if size > free:
            raise BrokenModel(f"{name} has {size:,} bytes, and the disk has room for {free:,}")
        with path.open("wb") as file:
            for chunk in found["Body"].iter_chunks(CHUNK_BYTES):
                file.write(chunk)
        if (written := path.stat().st_size) != size:
            raise BrokenModel(f"{name} broke off after {written:,} of {size:,} bytes")

    def _get(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.s3.get_object(Bucket=self.bucket, Key=f"{self.prefix}{name}")

        return found
