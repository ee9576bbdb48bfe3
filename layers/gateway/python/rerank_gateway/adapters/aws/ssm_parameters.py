"""Parameter Store, from which the gateway's configuration may come."""

from __future__ import annotations

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error


def read_parameter(name: str) -> str:
    """The text of the parameter called *name*, decrypted. Raises Unavailable."""
    with unavailable_on_aws_error("the gateway's configuration", "ssm.GetParameter"):
        found = aws_client("ssm").get_parameter(Name=name, WithDecryption=True)
        text: str = found["Parameter"]["Value"]

        return text
