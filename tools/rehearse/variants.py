"""Which values of its parameters the template is rehearsed with, beside its defaults."""

from __future__ import annotations

import platform
from collections.abc import Mapping

Parameters = Mapping[str, str]

ARM = frozenset({"arm64", "aarch64"})
UPDATE: Parameters = {"MemorySize": "1024"}
VARIANTS: Mapping[str, Parameters] = {
    "an organisation's rules": {
        "PermissionsBoundary": "arn:aws:iam::000000000000:policy/boundary",
        "KmsKeyArn": "arn:aws:kms:eu-west-1:000000000000:key/00000000-0000-4000-8000-000000000000",
        "EventBusName": "company",
        "ExtraPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "LogClass": "INFREQUENT_ACCESS",
        "AlarmEmail": "ops@example.com",
        "LogRetentionDays": "1",
    },
    "a network of its own, starts without waiting": {
        "VpcSubnetIds": "subnet-1,subnet-2",
        "VpcSecurityGroupIds": "sg-1",
        "ReservedConcurrency": "100",
        "ProvisionedConcurrency": "1",
        "AllowDirectKeys": "true",
        "CorsOrigins": "https://app.example.com",
        "Playground": "yes",
        "RsaKeys": "yes",
    },
}


def machine() -> Parameters:
    """What runs on this machine's processor: the emulator runs functions as they are."""
    return {"Architecture": "arm64" if platform.machine() in ARM else "x86_64"}
