"""Parameter Store, from which the gateway's configuration may come, and S3 for a larger one."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.aws.s3_objects import S3Objects

CONFIGURATION = "the gateway's configuration"


@dataclass(frozen=True, slots=True)
class SsmParameters:
    """A *fail_fast* one gives up after half a second, as there is a configuration already."""

    fail_fast: bool = False

    def read(self, name: str, version: str | None = None) -> tuple[str, str] | None:
        """
        The text, decrypted, and the version of the parameter called *name*, as it is or was in that *version*; None
        where there is no such version any more. Raises Unavailable, also where there is no such parameter.
        """
        client = aws_client("ssm", fail_fast=self.fail_fast)
        selector = f"{name}:{version}" if version else name
        with unavailable_on_aws_error(CONFIGURATION, "ssm.GetParameter"):
            try:
                found = client.get_parameter(Name=selector, WithDecryption=True)["Parameter"]
            except client.exceptions.ParameterVersionNotFound:
                return None

        return found["Value"], str(found["Version"])

    def read_object(self, url: str) -> str:
        """The text of the object at *url*, `s3://BUCKET/KEY`. Raises Unavailable."""
        bucket, _, key = url.removeprefix("s3://").partition("/")

        return S3Objects(bucket).get(key).decode("utf-8", "replace")
