"""What curl would send, for the commands that stand on the pages."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import httpx

from tests.local.conftest import Gateway

SHOWN = "http://127.0.0.1:8080"
"""The gateway's address on the pages."""
OPTIONS = ArgumentParser("curl")
OPTIONS.add_argument("url")
for repeated in ("-H", "-F"):
    OPTIONS.add_argument(repeated, action="append", default=[])
for single in ("-d", "-T", "-X"):
    OPTIONS.add_argument(single)
for switch in ("-L", "-i", "-s"):
    OPTIONS.add_argument(switch, action="store_true")


def curl(words: Sequence[str], gateway: Gateway, folder: Path) -> httpx.Response:
    """The answer to the command with these *words*, given in *folder*, at *gateway* in the place of the one shown."""
    said = OPTIONS.parse_args(words[1:])
    headers = dict(header.split(": ", 1) for header in said.H)
    form = dict(field.split("=", 1) for field in said.F)
    paths = {name: folder / value[1:] for name, value in form.items() if value.startswith("@")}
    files = {name: (path.name, path.read_bytes()) for name, path in paths.items()}
    content = (folder / said.T).read_bytes() if said.T else said.d
    method = said.X or ("PUT" if said.T else "POST" if said.d or form else "GET")

    with httpx.Client(trust_env=False, follow_redirects=said.L) as client:
        return client.request(
            method,
            said.url.replace(SHOWN, gateway.url),
            headers=headers,
            content=content,
            data={name: value for name, value in form.items() if name not in files} or None,
            files=files or None,
        )
