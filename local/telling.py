"""What the terminal shows: a banner, then a line a request. No query, document or key is in the lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from shlex import quote
from typing import Any

from local.messages import Request, Response

LONGEST_PATH = 120
EXAMPLE: Mapping[str, Any] = {
    "model": "local/bm25",
    "query": "How tall is the Eiffel Tower?",
    "documents": [
        "The Louvre is the most visited museum in the world.",
        "The Eiffel Tower is 330 metres tall, about as tall as an 81-storey building.",
        "The tower was built for the World Fair of 1889.",
    ],
    "top_n": 2,
    "return_documents": True,
}
BANNER = """
The rerank gateway listens. Ctrl-C stops it.

  Address: {address}
  Key: {key}
  AWS: {aws}

curl {address}/v1/rerank \\
  -H {authorization} \\
  -H 'Content-Type: application/json' \\
  -d {example}
"""


def banner(address: str, key: str, aws: str) -> str:
    authorization, example = quote(f"Authorization: Bearer {key}"), quote(json.dumps(EXAMPLE))

    return BANNER.format(address=address, key=key, aws=aws, authorization=authorization, example=example)


def tell(request: Request, response: Response, seconds: float) -> None:
    """Print the line for one request."""
    shown = request.path if len(request.path) <= LONGEST_PATH else f"{request.path[:LONGEST_PATH]}…"
    # As escapes, so that no caller draws on our terminal.
    place = ascii(f"{request.method} {shown}")[1:-1]
    _line(place, str(response.status), seconds, gist_of(response.body))


def tell_batch(function: str, messages: int, again: int, seconds: float) -> None:
    """Print the line for a batch of *messages*, some of which must come *again*."""
    _line(function, f"{messages} message{'s' * (messages > 1)}", seconds, f"{again} to come again" if again else "")


def tell_failure(function: str, error: Exception) -> None:
    """Print the line for a batch that failed, or could not be had, to stderr."""
    why = " ".join(str(error).split())
    sys.stderr.write(f"{_now()}  {function}  failed  {type(error).__name__}: {ascii(why)[1:-1]}\n")


def _line(place: str, outcome: str, seconds: float, gist: str) -> None:
    # With its end in one piece, or the lines of two threads run into each other.
    print(f"{_now()}  {place}  {outcome}  {seconds * 1000:.1f} ms  {gist}".rstrip() + "\n", end="", flush=True)


def _now() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"


def gist_of(body: bytes) -> str:
    """Who ranked, and how many are left of the documents; how a job is; what went wrong; or nothing, where unsaid."""
    try:
        reply = json.loads(body)
    except ValueError:
        return ""
    match reply:
        case {"error": {"code": str(code)}}:
            return code
        case {"results": [*results], "extra_fields": {"attempts": [*_, {"target": str(target)}]}}:
            return f"{ascii(target)[1:-1]}, {len(results)} results"
        case {"id": str(), "created_at": str(), "status": str(status)}:
            return f"job {status}"

    return ""
