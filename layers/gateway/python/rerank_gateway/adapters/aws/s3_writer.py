"""An object of S3, written in parts as it comes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.repeated import repeated
from rerank_gateway.adapters.aws.s3_objects import STORAGE, S3Objects
from rerank_gateway.domain.errors import Unavailable

PART_BYTES = 5 * 1024 * 1024
"""What is written at a time: S3 takes no less for a part, and 10,000 of them for an object."""

WRITE_PAUSES_S = (0.2, 1.0, 3.0)
"""
Seconds, about, after which a part that could not be written is once more: large results have a thousand of them, and
would begin anew as often as one fails.
"""


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
        if len(self.buffer) >= PART_BYTES:
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
        content, self.buffer = self.buffer, bytearray()
        if not self.upload:
            with unavailable_on_aws_error(STORAGE):
                self.upload = aws_client("s3").create_multipart_upload(Bucket=self.bucket, Key=self.key)["UploadId"]
        self.parts.append(repeated(lambda: self._written(content), WRITE_PAUSES_S))

    def _written(self, content: bytearray) -> dict[str, Any]:
        """The next part. Written twice, it is the same."""
        number = len(self.parts) + 1
        with unavailable_on_aws_error(STORAGE):
            written = aws_client("s3").upload_part(**self._object, PartNumber=number, Body=content)

        return {"PartNumber": number, "ETag": written["ETag"]}

    @property
    def _object(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.key, "UploadId": self.upload}
