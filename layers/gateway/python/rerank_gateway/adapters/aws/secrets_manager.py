"""Secrets in Secrets Manager, behind a TTL cache."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.domain.errors import Unavailable

SECRET_TTL_S = 300.0
"""A secret that was changed is in use everywhere after that."""
SPREAD = 0.2
"""The share of it that is left to chance."""
SECRET_STALE_S = 86_400.0
"""Seconds for which one serves on while Secrets Manager is out of reach: secrets change rarely, and then by hand."""
CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


@dataclass(frozen=True, slots=True)
class SecretVersion:
    """What a secret held from *created_at* on, in epoch seconds."""

    text: str = field(repr=False)
    created_at: float


NO_VERSION = SecretVersion("", 0.0)


def secret_ttl(rng: Random) -> float:
    """Seconds for one environment, so that those which have started at once do not ask again at once."""
    return rng.uniform(SECRET_TTL_S * (1 - SPREAD), SECRET_TTL_S)


@dataclass(frozen=True, slots=True)
class Secret:
    arn: str
    secrets_manager: AwsJsonApi
    ttl_cache: TtlCache[SecretVersion]

    def value(self) -> str:
        """The secret's text. Raises Unavailable."""
        return self._current().text

    def previous(self, since: float) -> str | None:
        """The text that it had before, if it was changed after *since* (epoch seconds). Raises Unavailable."""
        if self._current().created_at <= since:
            return None

        return self.ttl_cache.get(f"{self.arn} {PREVIOUS}", self._fetch_previous).text or None

    def _current(self) -> SecretVersion:
        return self.ttl_cache.get(self.arn, lambda: self._fetch(CURRENT))

    def _fetch_previous(self) -> SecretVersion:
        try:
            return self._fetch(PREVIOUS)
        except Unavailable as error:
            if error.is_outage:
                raise
            return NO_VERSION  # it has never been changed

    def _fetch(self, stage: str) -> SecretVersion:
        found = self.secrets_manager.call("GetSecretValue", {"SecretId": self.arn, "VersionStage": stage})

        return SecretVersion(found["SecretString"], float(found["CreatedDate"]))
