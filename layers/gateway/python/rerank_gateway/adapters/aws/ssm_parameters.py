"""Parameter Store, from which the gateway's configuration may come."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.json_api import AwsError, AwsJsonApi
from rerank_gateway.adapters.aws.s3_objects import S3Objects


@dataclass(frozen=True, slots=True)
class SsmParameters:
    ssm: AwsJsonApi

    def read(self, name: str, version: str | None = None) -> tuple[str, str] | None:
        """
        The text, decrypted, and the version of the parameter called *name*, as it is or was in that *version*; None
        where there is no such version any more. Raises Unavailable, also where there is no such parameter.
        """
        selector = f"{name}:{version}" if version else name
        try:
            found = self.ssm.call("GetParameter", {"Name": selector, "WithDecryption": True})["Parameter"]
        except AwsError as error:
            if error.name != "ParameterVersionNotFound":
                raise
            return None

        return found["Value"], str(found["Version"])

    def read_object(self, url: str) -> str:
        """The text of the object at *url*, `s3://BUCKET/KEY`. Raises Unavailable."""
        bucket, _, key = url.removeprefix("s3://").partition("/")

        return S3Objects(bucket).get(key).decode("utf-8", "replace")
