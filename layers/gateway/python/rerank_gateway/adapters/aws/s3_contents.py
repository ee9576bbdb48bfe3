"""Files in S3, read by ranges and written in parts, so that none of them has to fit into the memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from rerank_gateway.adapters.aws.client import aws_client, s3_signer, unavailable_on_aws_error
from rerank_gateway.adapters.aws.repeated import repeated
from rerank_gateway.adapters.aws.s3_objects import STORAGE, S3Objects
from rerank_gateway.domain.batches.contents import Content, ContentGone, Contents
from rerank_gateway.domain.errors import Unavailable

PIECE_BYTES = 8 * 1024 * 1024
"""What is read or written at a time: S3 takes no less than 5 MiB for a part, and 10,000 of them for an object."""
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
        for start in range(0, content.size, PIECE_BYTES):
            yield self.read(content, start, min(start + PIECE_BYTES, content.size))

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

    def download_address(self, key: str, filename: str, seconds: int) -> str:
        name = "".join(each if each.isalnum() or each in "._-" else "_" for each in filename)
        named = {"ResponseContentDisposition": f'attachment; filename="{name}"'}

        return self._address("get_object", seconds, Key=key, **named)

    def upload_address(self, key: str, seconds: int) -> str:
        return self._address("put_object", seconds, Key=key)

    def _address(self, operation: str, seconds: int, **parameters: str) -> str:
        with unavailable_on_aws_error(STORAGE):
            address: str = s3_signer().generate_presigned_url(
                operation, Params={"Bucket": self.bucket, **parameters}, ExpiresIn=seconds
            )

        return address


@dataclass(slots=True)
class S3Writer:
    """Writes an object in parts, or at once where it turns out to be small."""

    bucket: str
    key: str
    buffer: bytearray = field(default_factory=bytearray)
    upload: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)

    def write(self, content: bytes) -> None:
        self.buffer += content
        if len(self.buffer) >= PIECE_BYTES:
            self._write_part()

    def close(self) -> None:
        if not self.upload:
            S3Objects(self.bucket).put(self.key, bytes(self.buffer))
            return
        self._write_part()
        with unavailable_on_aws_error(STORAGE):
            aws_client("s3").complete_multipart_upload(**self._object, MultipartUpload={"Parts": self.parts})

    def abort(self) -> None:
        """Have S3 forget what was written. Where that fails, its lifecycle rule does it a day later."""
        if self.upload:
            with suppress(Unavailable), unavailable_on_aws_error(STORAGE):
                aws_client("s3").abort_multipart_upload(**self._object)

    def _write_part(self) -> None:
        content, self.buffer = bytes(self.buffer), bytearray()
        number = len(self.parts) + 1
        with unavailable_on_aws_error(STORAGE):
            if not self.upload:
                self.upload = aws_client("s3").create_multipart_upload(Bucket=self.bucket, Key=self.key)["UploadId"]
            written = aws_client("s3").upload_part(**self._object, PartNumber=number, Body=content)
        self.parts.append({"PartNumber": number, "ETag": written["ETag"]})

    @property
    def _object(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.key, "UploadId": self.upload}


def _unless_gone(operation: str, **request: Any) -> Any:
    """S3's response; None where there is no such object, or no longer."""
    from botocore.exceptions import ClientError

    try:
        return getattr(aws_client("s3"), operation)(**request)
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in GONE:
            raise
        return None
