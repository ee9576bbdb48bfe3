"""What is too large for a message or an item, in S3. The bucket's lifecycle rule deletes it."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable

STORAGE = "the gateway's storage"
MAX_INLINE_BYTES = 200 * 1024
"""Up to this, a payload is in its message and a result in its item (SQS takes 1 MiB, DynamoDB 400 KB)."""


@dataclass(frozen=True, slots=True)
class S3Objects:
    """All methods raise Unavailable, at *deadline* if there is one."""

    bucket: str
    deadline: Deadline | None = None

    def put(self, name: str, content: bytes) -> None:
        """Write *content* under *name*, over what may be there."""
        with unavailable_on_aws_error(STORAGE, deadline=self.deadline):
            aws_client("s3").put_object(Bucket=self.bucket, Key=name, Body=content)

    def get(self, name: str) -> bytes:
        """The content under *name*, all of it. Raises Unavailable also when there is none."""
        with unavailable_on_aws_error(STORAGE, deadline=self.deadline):
            found = aws_client("s3").get_object(Bucket=self.bucket, Key=name)
            content: bytes = found["Body"].read()
        if len(content) != found.get("ContentLength"):
            raise Unavailable(f"{STORAGE} broke off")

        return content
