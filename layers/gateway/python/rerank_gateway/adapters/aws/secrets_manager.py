"""Secrets in Secrets Manager, behind a TTL cache."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.client import aws_client, unavailable_on_aws_error
from rerank_gateway.adapters.cache.ttl_cache import TtlCache

SECRET_TTL_S = 300.0
"""A secret that was changed is in use everywhere after that."""


@dataclass(frozen=True, slots=True)
class Secret:
    arn: str
    ttl_cache: TtlCache[str]

    def value(self) -> str:
        """The secret's text. Raises Unavailable."""
        return self.ttl_cache.get(self.arn, self._fetch)

    def _fetch(self) -> str:
        with unavailable_on_aws_error("the gateway's secret store"):
            found = aws_client("secretsmanager").get_secret_value(SecretId=self.arn)
            text: str = found["SecretString"]

            return text
