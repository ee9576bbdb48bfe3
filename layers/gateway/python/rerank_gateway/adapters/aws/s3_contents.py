"""Files in S3, read by ranges and written in parts, so that none of them has to fit into the memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rerank_gateway.adapters.aws.client import aws_client, s3_signer, unavailable_on_aws_error
from rerank_gateway.adapters.aws.repeated import repeated
from rerank_gateway.adapters.aws.s3_objects import STORAGE, S3Objects
from rerank_gateway.adapters.aws.s3_writer import S3Writer
from rerank_gateway.domain.batches.contents import Content, ContentGone, Contents
from rerank_gateway.domain.errors import Unavailable

STREAMED_BYTES = 1024 * 1024
"""What of a file is in memory at a time."""
MAX_REMOVED = 1000
"""What S3 removes at once."""
READ_PAUSES_S = (0.05, 0.2, 1.0)
"""
Seconds, about, after which a read that failed is tried again: results are put together from thousands of reads, and
would never be if each had to succeed at once.
"""
GONE = frozenset(("404", "412", "NoSuchKey", "PreconditionFailed", "InvalidRange"))


@dataclass(frozen=True, slots=True)
class S3Contents(Contents):
    bucket: str

    def find(self, key: str) -> Content | None:
        with unavailable_on_aws_error(STORAGE):
            found = _unless_gone("head_object", Bucket=self.bucket, Key=key)

        return Content(key, found["ContentLength"], found["ETag"].strip('"')) if found else None

    def read(self, content: Content, start: int, end: int) -> bytes:
        return repeated(lambda: self._read(content, start, end), READ_PAUSES_S) if end > start else b""

    def _read(self, content: Content, start: int, end: int) -> bytes:
        asked = {"Range": f"bytes={start}-{end - 1}"} | ({"IfMatch": f'"{content.etag}"'} if content.etag else {})
        with unavailable_on_aws_error(STORAGE):
            found = _unless_gone("get_object", Bucket=self.bucket, Key=content.key, **asked)
            read: bytes = found["Body"].read() if found else b""
        if not found:
            raise ContentGone("what lay there when it was looked through is not there any more")
        if len(read) != end - start:
            raise Unavailable(f"{STORAGE} broke off")

        return read

    def stream(self, content: Content) -> Iterator[bytes]:
        for start in range(0, content.size, STREAMED_BYTES):
            yield self.read(content, start, min(start + STREAMED_BYTES, content.size))

    def put(self, key: str, content: bytes) -> None:
        S3Objects(self.bucket).put(key, content)

    def get(self, key: str) -> bytes:
        return repeated(lambda: S3Objects(self.bucket).get(key), READ_PAUSES_S)

    @contextmanager
    def writer(self, key: str) -> Iterator[S3Writer]:
        writer = S3Writer(self.bucket, key)
        try:
            yield writer
            writer.close()
        except BaseException:
            writer.abort()
            raise

    def remove(self, key: str) -> None:
        with unavailable_on_aws_error(STORAGE):
            aws_client("s3").delete_object(Bucket=self.bucket, Key=key)

    def remove_all(self, keys: Iterable[str]) -> None:
        left = iter(keys)
        while some := [{"Key": key} for key in islice(left, MAX_REMOVED)]:
            with unavailable_on_aws_error(STORAGE):
                aws_client("s3").delete_objects(Bucket=self.bucket, Delete={"Objects": some, "Quiet": True})

    def download_address(self, key: str, filename: str, seconds: int) -> str:
        # S3 answers only with what Latin-1 has.
        name = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in filename)
        named = {"ResponseContentDisposition": f'attachment; filename="{name}"'}

        return self._address("get_object", seconds, Key=key, **named)

    def upload_address(self, key: str, size: int, seconds: int) -> str:
        return self._address("put_object", seconds, Key=key, ContentLength=size)

    def _address(self, operation: str, seconds: int, **parameters: str | int) -> str:
        with unavailable_on_aws_error(STORAGE):
            address: str = s3_signer().generate_presigned_url(
                operation, Params={"Bucket": self.bucket, **parameters}, ExpiresIn=seconds
            )

        return address


def _unless_gone(operation: str, **request: Any) -> Any:
    """S3's response; None where there is no such object, or no longer."""
    from botocore.exceptions import ClientError

    try:
        return getattr(aws_client("s3"), operation)(**request)
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in GONE:
            raise
        return None
