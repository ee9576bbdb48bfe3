"""What is too large for a message or an item, in S3. The bucket's lifecycle rule deletes it."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error

MAX_INLINE_BYTES = 200 * 1024
"""Up to this, a payload is in its message and a result in its item (SQS takes 1 MiB, DynamoDB 400 KB)."""


@dataclass(frozen=True, slots=True)
class S3Objects:
    bucket: str

    def put(self, name: str, content: bytes) -> None:
        """Write *content* under *name*, over what may be there. Raises Unavailable."""
        with unavailable_on_aws_error("the gateway's storage"):
            aws_client("s3").put_object(Bucket=self.bucket, Key=name, Body=content)

    def get(self, name: str) -> bytes:
        """The content under *name*. Raises Unavailable, also when there is none."""
        with unavailable_on_aws_error("the gateway's storage"):
            content: bytes = aws_client("s3").get_object(Bucket=self.bucket, Key=name)["Body"].read()

        return content
