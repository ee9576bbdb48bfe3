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
from typing import IO

import pytest

ROOT = Path(__file__).parents[2]
NOT_OURS = re.compile(r"AWS_.*|GATEWAY_CONFIG|KEYS_TABLE|MASTER_KEY.*|PORT|PROVIDER_SECRETS_ARN|POWERTOOLS_.*")
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
def started(**settings: str) -> Iterator[Gateway]:
    environment = {name: value for name, value in os.environ.items() if not NOT_OURS.fullmatch(name)}
    with subprocess.Popen(
        [sys.executable, "-m", "local"],
        cwd=ROOT,
        env={**environment, "PORT": "0", **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        try:
            yield Gateway(process, _banner(process.stdout))
        finally:
            process.kill()


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
    with started() as gateway:
        yield gateway
