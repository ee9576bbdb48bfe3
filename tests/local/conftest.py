"""`python -m local`, started as a user does, and what its banner says."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import boto3
import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = re.compile(
    r"AWS_.*|CPU_MODEL|DEAD_LETTER_QUEUE_ARN|EVENT_BUS|GATEWAY_CONFIG|JOBS_.*|WEBHOOKS_.*|KEYS_TABLE|MASTER_KEY.*|PAYLOAD_BUCKET|PORT"
    r"|PROVIDER_SECRETS_ARN|POWERTOOLS_.*"
)
"""Variables of whoever runs the tests that would change what is tested."""


@dataclass(frozen=True)
class Gateway:
    process: subprocess.Popen[str]
    banner: str

    @property
    def url(self) -> str:
        return self._said("Address")

    @property
    def aws(self) -> str:
        return self._said("AWS")

    @property
    def authorization(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self._said('Key')}"}

    @property
    def curl(self) -> list[str]:
        """The words of the banner's command, as a shell would have them."""
        return shlex.split(self.banner[self.banner.index("curl ") :].replace("\\\n", " "))

    def connection(self) -> socket.socket:
        """A bare one, for what no client would send."""
        address, port = self.url.removeprefix("http://").split(":")

        return socket.create_connection((address, int(port)))

    def _said(self, name: str) -> str:
        said: list[str] = re.findall(rf"{name}: (\S+)", self.banner)

        return said[0]


@contextmanager
def run_gateway(**settings: str) -> Iterator[Gateway]:
    with run_module("local", **{"PORT": "0", **settings}) as process:
        assert process.stdout
        yield Gateway(process, _banner(process.stdout))


@contextmanager
def run_module(module: str, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m` *module* with these *arguments*, with these *settings* and none of whoever runs the tests."""
    environment = {name: value for name, value in os.environ.items() if not NOT_OURS.fullmatch(name)}
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**environment, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def client_of(service: str, address: str, region: str = "us-east-1") -> Any:
    """A client of the AWS at *address*, with anybody's credentials."""
    return boto3.client(
        service,
        endpoint_url=address,
        region_name=region,
        aws_access_key_id="anybody",
        aws_secret_access_key="anything",
    )


def _banner(output: IO[str]) -> str:
    """What is printed up to the last line of the curl command, which is the banner's last."""
    lines = []
    for line in output:
        lines.append(line)
        if line.startswith("  -d "):
            return "".join(lines)

    raise AssertionError(f"no banner: {''.join(lines)}")


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with run_gateway() as gateway:
        yield gateway
