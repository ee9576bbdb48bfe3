"""
A proxy before an AWS that spoils a share of the exchanges: `python -m tools.torture.faulty_proxy URL SHARE SEED`.

Some requests never arrive, some are done though their reply is lost, cut off or an error. Says its port, and ends with
its standard input.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import TypeAlias
from urllib.parse import urlsplit

Send: TypeAlias = "asyncio.StreamWriter"
ERROR = (
    b"HTTP/1.1 500 Internal Server Error\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 47\r\n"
    b'connection: close\r\n\r\n{"__type":"InternalServerError","message":"no"}'
)


def lost(reply: bytes) -> bytes:
    return b""


def error(reply: bytes) -> bytes:
    return ERROR


def cut_off(reply: bytes) -> bytes:
    """Half of the body, of which the head says how long it would have been."""
    head, _, body = reply.partition(b"\r\n\r\n")

    return head + b"\r\n\r\n" + body[: len(body) // 2]


def cut_off_unnoticed(reply: bytes) -> bytes:
    """Half of the body, and a head that does not say how long it is."""
    head, *rest = cut_off(reply).split(b"\r\n\r\n", 1)
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length:")]

    return b"\r\n".join(lines) + b"\r\n\r\n" + b"".join(rest)


AFTERWARDS: tuple[Callable[[bytes], bytes], ...] = (lost, error, cut_off, cut_off_unnoticed)
BEFORE: tuple[Callable[[bytes], bytes], ...] = (lost, error)


class FaultyProxy:
    def __init__(self, url: str, share: float, rng: Random) -> None:
        self.host, self.port = urlsplit(url).hostname or "", urlsplit(url).port or 80
        self.share, self.rng = share, rng
        self.serving = set[asyncio.Task[None] | None]()

    async def serve(self, reader: asyncio.StreamReader, writer: Send) -> None:
        # asyncio itself does not hold on to the tasks that wait.
        self.serving.add(task := asyncio.current_task())
        with suppress(OSError, asyncio.IncompleteReadError):
            writer.write(await self._reply(await _request(reader, writer)))
            await writer.drain()
        writer.close()
        self.serving.discard(task)

    async def _reply(self, request: bytes) -> bytes:
        chance = self.rng.random()
        if chance < self.share / 3:
            return self.rng.choice(BEFORE)(b"")
        reply = await self._forwarded(request)

        return self.rng.choice(AFTERWARDS)(reply) if chance < self.share else reply

    async def _forwarded(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(request)
        reply = await reader.read()
        writer.close()

        return reply


async def _request(reader: asyncio.StreamReader, writer: Send) -> bytes:
    """One request, which will be the last on its connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.strip().split(b"\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    if b"expect" in headers:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await reader.readexactly(int(headers.get(b"content-length", b"0")))
    kept = [line for line in lines if line.split(b":")[0].lower() not in (b"expect", b"connection")]

    return b"\r\n".join([first, *kept, b"connection: close", b"", b""]) + body


async def main(url: str, share: float, seed: int) -> None:
    proxy = FaultyProxy(url, share, Random(seed))
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, backlog=500, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
