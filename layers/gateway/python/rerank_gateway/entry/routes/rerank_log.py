"""What the log may know of a rerank request: names and numbers, nothing else that a caller sent."""

from __future__ import annotations

import re

from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.entry.end_users import EndUsers
from rerank_gateway.entry.http.request import HttpRequest

MAX_NAMES = 20
MAX_NAME_CHARS = 100
ORIGIN = re.compile(r"https?://[^/?#\s]+")
APP_HEADERS = (
    ("x-title", "app_title"),
    ("x-openrouter-title", "app_title"),
    ("x-openrouter-categories", "app_categories"),
)
"""How OpenRouter's clients say which application they are."""


def _origin(referer: str) -> str:
    """Where the application is at home; a path could tell of whoever uses it."""
    found = ORIGIN.match(referer)

    return found[0][:MAX_NAME_CHARS] if found else ""


def log_rerank_request(http: HttpRequest, request: RerankRequest, end_users: EndUsers) -> None:
    """Fill in the log of *http*, whose body is *request*."""
    http.log.model = request.model
    fields, headers = http.log.fields, http.headers
    fields["documents"] = len(request.documents)
    fields.update({field: headers[name][:MAX_NAME_CHARS] for name, field in APP_HEADERS if name in headers})
    if app := _origin(headers.get("http-referer", "")):
        fields["app"] = app
    if end_user := end_users(request, headers):
        fields["end_user"] = end_user
    if request.metadata:
        fields["metadata"] = [name[:MAX_NAME_CHARS] for name in sorted(request.metadata)[:MAX_NAMES]]
