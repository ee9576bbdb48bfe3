"""Secrets Manager."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters import aws
from rerank_gateway.adapters.recent import Recent

FRESH = 300.0
"""Seconds; a secret that was changed is in use everywhere after that."""


@dataclass(frozen=True, slots=True)
class Secret:
    arn: str
    recent: Recent[str]

    def value(self) -> str:
        """The secret's text. Raises Unavailable."""
        return self.recent.get(self.arn, self._fetch)

    def _fetch(self) -> str:
        with aws.within_reach("the gateway's secret store"):
            found = aws.client("secretsmanager").get_secret_value(SecretId=self.arn)
            text: str = found["SecretString"]

            return text
