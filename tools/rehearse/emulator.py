"""An AWS on this machine that takes a template: ministack, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

LOOPBACK = "127.0.0.1"
START_S = 30.0
STOP_S = 10.0
ACCOUNT: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "rehearsal",
    "AWS_SECRET_ACCESS_KEY": "rehearsal",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
}
"""Who asks it. It knows no accounts, and no real one ever hears of these."""


@contextmanager
def emulator(program: Path, folder: Path) -> Iterator[str]:
    """Run *program* within the block, its files in *folder*; the address of its AWS. Raises TimeoutError."""
    address = f"http://{LOOPBACK}:{_free_port()}"
    variables = {**os.environ, **ACCOUNT, "GATEWAY_PORT": address.rpartition(":")[2], "TMPDIR": str(folder)}
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen([program.absolute()], cwd=folder, env=variables, stdout=log, stderr=log)
        try:
            _wait_for(address, process)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with closing(socket.create_server((LOOPBACK, 0))) as listener:
        port: int = listener.getsockname()[1]

    return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    late = time.monotonic() + START_S
    while time.monotonic() < late and process.poll() is None:
        try:
            with urlopen(f"{address}/_ministack/health", timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.2)

    raise TimeoutError("the emulator did not start; its log says why")
