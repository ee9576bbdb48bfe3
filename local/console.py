"""What the console shows: a banner, then a line a request. No query, document or key is in the lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from shlex import quote
from typing import Any

from local.http.messages import Request, Response
from local.summary import summary_of

MAX_PATH_CHARACTERS = 120
EXAMPLE_REQUEST: Mapping[str, Any] = {
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
  In a browser: {address}/ compares models, {address}/docs shows the API

curl {address}/v1/rerank \\
  -H {authorization} \\
  -H 'Content-Type: application/json' \\
  -d {example}
"""


def banner(address: str, key: str, aws: str) -> str:
    authorization, example = quote(f"Authorization: Bearer {key}"), quote(json.dumps(EXAMPLE_REQUEST))

    return BANNER.format(address=address, key=key, aws=aws, authorization=authorization, example=example)


def print_request(request: Request, response: Response, seconds: float) -> None:
    """Print the line for one request."""
    path = request.path if len(request.path) <= MAX_PATH_CHARACTERS else f"{request.path[:MAX_PATH_CHARACTERS]}…"
    # As escapes, so that no caller draws on our terminal.
    name = ascii(f"{request.method} {path}")[1:-1]
    _print_line(name, str(response.status), seconds, summary_of(request, response))


def print_batch(function: str, messages: int, failed: int, seconds: float) -> None:
    """Print the line for a batch of *messages*, of which so many have *failed*."""
    outcome = f"{messages} message{'s' * (messages > 1)}"
    _print_line(function, outcome, seconds, f"{failed} failed" if failed else "")


def print_error(function: str, error: Exception) -> None:
    """Print the line for a batch that failed, or could not be received, to stderr."""
    reason = " ".join(str(error).split())
    sys.stderr.write(f"{_now()}  {function}  failed  {type(error).__name__}: {ascii(reason)[1:-1]}\n")


def _print_line(name: str, outcome: str, seconds: float, summary: str) -> None:
    # With its end in one piece, or the lines of two threads run into each other.
    print(f"{_now()}  {name}  {outcome}  {seconds * 1000:.1f} ms  {summary}".rstrip() + "\n", end="", flush=True)


def _now() -> str:
    return f"{datetime.now().astimezone():%H:%M:%S}"
