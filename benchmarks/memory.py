"""
What a request takes of a function's memory: its peak beyond that of a small request, for bodies that are as bad as the
limits let them be, as a multiple of the body's bytes. Each is sent to the function in a process of its own that may not
have more than 512 MB, as the template gives it. Use: `python -m benchmarks.memory`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Mapping
from gzip import compress
from pathlib import Path

LIMIT_MB = 512
MB = 1024 * 1024
EVENT = Path(__file__).parents[1] / "events" / "rerank.json"
MEMBERS = "70,000 empty gzip members"
HEAD = b'{"model":"local/bm25","query":"q","documents":'


def documents(count: int, text: str, model: str = "local/bm25") -> bytes:
    return json.dumps({"model": model, "query": "q", "documents": [text] * count}, ensure_ascii=False).encode()


def names(count: int) -> bytes:
    return b",".join(b'"%07d":1' % number for number in range(count))


BODIES: Mapping[str, Callable[[], bytes]] = {
    "a small one": lambda: documents(3, "a document"),
    "10,000 documents of 1 KB": lambda: documents(10_000, "words " * 170),
    "one document of 19 MB": lambda: documents(1, "word " * 3_900_000),
    "19 MB beyond Latin": lambda: documents(19, "é" * 499_000 + "😀"),
    "wrong elements": lambda: HEAD + b"[" + b"1," * 9_500_000 + b"1]}",
    "nested empties": lambda: HEAD + b"[" + b"[]," * 6_300_000 + b"[]]}",
    "as many values as are allowed": lambda: HEAD + b'["d",{"text":"d","x":[' + b"[]," * 249_000 + b"[]]}]}",
    "half a million names": lambda: HEAD + b'["d"],"metadata":{' + names(490_000) + b"}}",
    "a name of 19 MB": lambda: documents(1, "d", "m/" + "x" * 19_000_000),
    MEMBERS: lambda: b"",
}


def main() -> None:
    print(f"under {LIMIT_MB} MB: status, peak beyond a small request's, and that by the bytes of the body\n")
    small, *others = BODIES
    base = measure(small)[1]
    for name in others:
        status, peak, size = measure(name)
        more = max(peak - base, 0) / 1024
        print(f"{name:32} {status}  {size / MB:6.2f} MB  + {more:6.1f} MB  {more * MB / size:6.1f} x")


def measure(name: str) -> tuple[int, int, int]:
    """Status, peak in KiB, and bytes of the body, of the request called *name* in a process of its own."""
    command, key = [sys.executable, "-m", "benchmarks.memory", name], {"MASTER_KEY": "sk-local"}
    ran = subprocess.run(command, env=os.environ | key, capture_output=True, text=True, check=True)
    status, peak, size = ran.stdout.splitlines()[-1].split()

    return int(status), int(peak), int(size)


def in_this_process(name: str) -> None:
    from functions.rerank.app import handler

    event = json.loads(EVENT.read_text("utf-8"))
    body = BODIES[name]()
    sent = compress(b"") * 70_000 if name == MEMBERS else compress(body, 1)
    event |= {"body": b64encode(sent).decode(), "isBase64Encoded": True}
    event["headers"] |= {"content-encoding": "gzip"}
    size = len(body) or len(sent)
    del body, sent
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MB * MB, LIMIT_MB * MB))
    reply = handler(event, Context())
    print(reply["statusCode"], peak_kib(), size)


def peak_kib() -> int:
    """The most memory that this process has had. Where Linux does not tell, that of whoever started it counts too."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())

    return int(lines["VmHWM"].split()[0])


class Context:
    function_name = "rerank"
    memory_limit_in_mb = str(LIMIT_MB)
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:rerank"
    aws_request_id = "r"

    def get_remaining_time_in_millis(self) -> int:
        return 29_000


if __name__ == "__main__":
    in_this_process(sys.argv[1]) if len(sys.argv) == 2 else main()
