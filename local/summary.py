"""What became of a request, in a few words. No query, document or key is in them."""

from __future__ import annotations

import json
from typing import Any

from local.http.messages import Request, Response

MAX_MODEL_CHARACTERS = 80
FILE = "application/octet-stream"


def summary_of(request: Request, response: Response) -> str:
    """
    The model asked for and who answered, a fallback or a failure, how many results there are or how a job is doing,
    warnings, and the request's id in the log: each where there is such.
    """
    headers = {name.lower(): value for name, value in response.headers}
    asked, target = _model(request.body), headers.get("x-gateway-target", "")
    # A file of one line can look like an answer.
    reply = None if headers.get("content-type") == FILE else _json(response.body)
    parts = [
        asked if target in ("", asked) else f"{asked or 'default'} -> {target}",
        headers.get("x-gateway-degraded", ""),
        _outcome(reply),
        # Who was asked is of interest only where that was somebody else, too.
        f"[{attempts}]" if "," in (attempts := headers.get("x-gateway-attempts", "")) else "",
        headers.get("x-gateway-warnings", ""),
        headers.get("x-request-id", ""),
    ]

    return ascii(", ".join(filter(None, parts)))[1:-1]


def _model(body: bytes) -> str:
    match _json(body):
        case {"model": str(model)}:
            return model[:MAX_MODEL_CHARACTERS]

    return ""


def _outcome(reply: Any) -> str:
    match reply:
        case {"error": {"code": str(code)}}:
            return code
        case {"results": [*rows]}:
            return f"{len(rows)} results"
        case {"data": [{"index": int()}, *others]} | [{"index": int()}, *others]:
            return f"{len(others) + 1} results"
        case {"id": str(), "created_at": str(), "status": str(status)}:
            return f"job {status}"

    return ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
