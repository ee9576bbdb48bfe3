"""What is too large for a message or an item. Objects go away by the bucket's lifecycle rule."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error

MAX_INLINE_BYTES = 200 * 1024
"""Bytes up to which a payload rides in its message and a result in its item (SQS takes 1 MiB, DynamoDB 400 KB)."""


@dataclass(frozen=True, slots=True)
class S3Objects:
    bucket: str

    def put(self, name: str, content: bytes) -> None:
        """Keep *content*, in the place of what was called *name* before. Raises Unavailable."""
        with unavailable_on_aws_error("the gateway's storage"):
            aws_client("s3").put_object(Bucket=self.bucket, Key=name, Body=content)

    def get(self, name: str) -> bytes:
        """What is called *name*. Raises Unavailable, also when there is no such thing."""
        with unavailable_on_aws_error("the gateway's storage"):
            content: bytes = aws_client("s3").get_object(Bucket=self.bucket, Key=name)["Body"].read()

        return content
