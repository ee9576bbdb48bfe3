"""AWS's partitions: China's, Europe's own, those of governments, and the one that all other regions are in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Partition:
    """*name* is what ARNs say after `arn:`, and *dns_suffix* the domain that its services are under."""

    name: str
    dns_suffix: str


AWS = Partition("aws", "amazonaws.com")
BY_PREFIX = {  # botocore 1.44.5, data/partitions.json, which takes a cold start too long to read
    "cn-": Partition("aws-cn", "amazonaws.com.cn"),
    "eu-isoe-": Partition("aws-iso-e", "cloud.adc-e.uk"),
    "eusc-": Partition("aws-eusc", "amazonaws.eu"),
    "us-gov-": Partition("aws-us-gov", "amazonaws.com"),
    "us-iso-": Partition("aws-iso", "c2s.ic.gov"),
    "us-isob-": Partition("aws-iso-b", "sc2s.sgov.gov"),
    "us-isof-": Partition("aws-iso-f", "csp.hci.ic.gov"),
}
"""The partitions whose regions begin so."""


def partition_of(region: str) -> Partition:
    return next((partition for prefix, partition in BY_PREFIX.items() if region.startswith(prefix)), AWS)
