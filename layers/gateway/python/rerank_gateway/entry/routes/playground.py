"""The routes of the pages for browsers: the playground, the reference of the API, and the files of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.catch_all import unknown_address

MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A key is typed into the page: nothing runs in it that is not the gateway's, and nothing is sent anywhere else."""
SAFETY: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
PAGE_CACHING, FILE_CACHING = "no-cache", "public, max-age=600"
"""A page is looked at anew each time, so that after a deployment its files are at most ten minutes behind it."""


@dataclass(frozen=True)
class StaticFile:
    """What is served of the file at *path*, read when it is first asked for."""

    path: Path

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.path.suffix]

    @cached_property
    def content(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def etag(self) -> str:
        return f'"{sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def gzipped(self) -> bytes:
        from gzip import compress  # for who can read it, which is nearly everybody, but not before

        return compress(self.content, mtime=0)


Files = Mapping[str, StaticFile]
"""By their names. What is asked for is looked up among them, so that no name leads out of their folder."""


def playground_routes(folder: Path) -> dict[str, Route]:
    """Each by its name; the pages and their files lie in *folder*."""
    paths = (path for path in folder.rglob("*") if path.suffix in MEDIA_TYPES)
    files = {path.relative_to(folder).as_posix(): StaticFile(path) for path in paths}
    answers: Mapping[str, Callable[[Files, HttpRequest], HttpResponse]] = {
        "GET /": playground,
        "GET /docs": reference,
        "GET /playground/{file+}": static_file,
    }

    return {key: Route(partial(answer, files), lambda _: bifrost_error) for key, answer in answers.items()}


def playground(files: Files, request: HttpRequest) -> HttpResponse:
    """The page for browsers. Programs are told that there is nothing for them here. Raises UnknownAddress."""
    if "text/html" not in request.headers.get("accept", ""):
        raise unknown_address(None)
    path: str = request.event["rawPath"]
    if not path.endswith("/"):
        # Below a base path or a stage. What the page asks for lies beside it, and so it needs the slash.
        return HttpResponse(308, b"", {"location": f"./{quote(path.rpartition('/')[2])}/"})

    return _served(files, request, "index.html", PAGE_CACHING)


def reference(files: Files, request: HttpRequest) -> HttpResponse:
    """The page that shows the OpenAPI document."""
    return _served(files, request, "docs.html", PAGE_CACHING)


def static_file(files: Files, request: HttpRequest) -> HttpResponse:
    """Raises UnknownAddress."""
    return _served(files, request, request.event["pathParameters"]["file"], FILE_CACHING)


def _served(files: Files, request: HttpRequest, name: str, caching: str) -> HttpResponse:
    file = files.get(name)
    if file is None:
        raise unknown_address(None)
    headers = {**SAFETY, "cache-control": caching, "etag": file.etag, "vary": "accept, accept-encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return HttpResponse(304, b"", headers)
    headers["content-type"] = file.media_type
    if "gzip" in request.headers.get("accept-encoding", ""):
        return HttpResponse(200, file.gzipped, {**headers, "content-encoding": "gzip"}, binary=True)

    return HttpResponse(200, file.content, headers)
