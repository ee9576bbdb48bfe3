"""Browsers: whether a page of another origin may read an answer (the Fetch standard's CORS protocol)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse

ANY_ORIGIN = "*"
METHODS = "GET, POST, DELETE"
MAX_AGE_S = 86_400
"""Seconds for which a browser need not ask again; most have bounds of their own below it."""
NOT_FOR_NAMES = re.compile(r"[^A-Za-z0-9_, -]")
READABLE = (
    "x-request-id",
    "x-gateway-target",
    "x-gateway-attempts",
    "x-gateway-degraded",
    "x-gateway-warnings",
    "x-gateway-cache",
    "x-gateway-config",
    "x-rerank-cost",
    "x-ratelimit-limit-requests",
    "x-ratelimit-remaining-requests",
    "x-ratelimit-reset-requests",
    "retry-after",
    "location",
)
"""The headers of answers that a page may read, beside those that it always may."""


def cors_headers(request: HttpRequest, origins: Collection[str]) -> Mapping[str, str]:
    """What lets a page of the origin that *request* names read the answer; nothing unless it is one of *origins*."""
    origin = request.headers.get("origin")
    if not origin or not (origin in origins or ANY_ORIGIN in origins):
        return {}
    allowed = ANY_ORIGIN if ANY_ORIGIN in origins else origin

    return {
        "access-control-allow-origin": allowed,
        "access-control-expose-headers": ", ".join(READABLE),
        "vary": "origin",
    }


def preflight(request: HttpRequest, origins: Collection[str]) -> HttpResponse | None:
    """
    The answer to a browser that asks whether a page may send its *request* at all; None where it asks no such thing, or
    the page's origin is not one of *origins*.

    A page may send what headers it likes, as no header is trusted: keys are in them, and no cookie is looked at.
    """
    asks = request.event["requestContext"]["http"]["method"] == "OPTIONS"
    if not asks or "access-control-request-method" not in request.headers or not cors_headers(request, origins):
        return None
    wanted = NOT_FOR_NAMES.sub("", request.headers.get("access-control-request-headers", ""))

    return HttpResponse(
        204,
        b"",
        {
            "access-control-allow-methods": METHODS,
            "access-control-max-age": str(MAX_AGE_S),
            **({"access-control-allow-headers": wanted} if wanted else {}),
        },
    )
