"""The settings, which stand in environment variables of the same names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting there is; see the table in docs/configuration.md."""

    stack_name: str = ""
    gateway_config: str = ""
    provider_secrets_arn: str = ""
    master_key_arn: str = ""
    master_key: str = ""
    keys_table: str = ""
    usage_table: str = ""
    jobs_table: str = ""
    jobs_queue_url: str = ""
    dead_letter_queue_arn: str = ""
    payload_bucket: str = ""
    event_bus: str = ""
    batches_table: str = ""
    batches_queue_url: str = ""
    batches_dead_letter_queue_arn: str = ""
    cache_table: str = ""
    cpu_model: str = ""
    webhooks_table: str = ""
    webhooks_queue_url: str = ""
    webhooks_to_loopback: str = ""
    cors_origins: str = ""
    allow_direct_keys: str = ""
    stack_id: str = ""
    logged_successes: str = ""
    aws_region: str = ""
    aws_default_region: str = ""

    @property
    def region(self) -> str:
        """AWS's, as Lambda says it, or as people do on their own machines."""
        return self.aws_region or self.aws_default_region

    @property
    def success_share(self) -> float:
        """Which share of the successes has its whole line in the log: all, unless a number says less."""
        try:
            return float(self.logged_successes or 1.0)
        except ValueError:
            return 1.0

    @property
    def origins(self) -> tuple[str, ...]:
        """Those whose pages may read answers."""
        return tuple(origin.strip().rstrip("/") for origin in self.cors_origins.split(",") if origin.strip())

    @property
    def takes_direct_keys(self) -> bool:
        """Whether callers may bring a provider's own key; anything but "true" is no."""
        return self.allow_direct_keys == "true"

    @property
    def reaches_loopback(self) -> bool:
        """Whether webhooks may go to this machine, and without TLS: for a gateway on one's own only."""
        return self.webhooks_to_loopback == "true"

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Settings:
        return cls(**{name: variables.get(name.upper(), "") for name in cls.__slots__})
