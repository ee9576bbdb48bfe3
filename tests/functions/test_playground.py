"""The pages for browsers, as API Gateway gets them."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from gzip import decompress
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

import functions.playground.app
from tests.fakes import FakeContext
from tests.functions.gateway import event

STATIC = Path(functions.playground.app.__file__).with_name("static")
FILES = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())
SERVED = [name for name in FILES if not name.endswith(("README.md", "SHA256SUMS"))]
PAGES = [name for name in SERVED if name.endswith(".html")]


def get(
    key: str = "GET /", path: str = "/", parameters: dict[str, str] | None = None, **headers: str
) -> dict[str, Any]:
    """The answer to a browser that asks for *path*, with these *headers* in the place of its own."""
    request = event("playground") | {"routeKey": key, "rawPath": path, "pathParameters": parameters}
    request["headers"] |= {name.replace("_", "-"): value for name, value in headers.items()}

    return functions.playground.app.handler(request, FakeContext())


def get_file(name: str, **headers: str) -> dict[str, Any]:
    return get("GET /playground/{file+}", f"/playground/{name}", {"file": name}, **headers)


def content_of(answer: dict[str, Any]) -> bytes:
    return decompress(b64decode(answer["body"])) if answer["isBase64Encoded"] else answer["body"].encode()


@pytest.mark.parametrize(("key", "name"), [("GET /", "index.html"), ("GET /docs", "docs.html")])
def test_a_browser_gets_the_page(key: str, name: str) -> None:
    """
    As it lies in the folder, compressed, and asked for anew each time.
    """
    answer = get(key, key.removeprefix("GET "))

    assert answer["statusCode"] == 200
    assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert answer["headers"]["cache-control"] == "no-cache"
    assert content_of(answer) == (STATIC / name).read_bytes()


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_a_program_is_told_what_it_was_told_before(accept: str) -> None:
    """
    There is nothing for it at /, with or without a page for browsers.
    """
    answer = get(accept=accept)

    assert answer["statusCode"] == 404
    assert "POST /v1/rerank" in json.loads(answer["body"])["error"]["message"]


def test_the_page_has_a_slash_at_its_end() -> None:
    """
    Below a base path or a stage, what it asks for would otherwise lie beside the base path.
    """
    bare, right = get(path="/ranking"), get(path="/ranking/")

    assert (bare["statusCode"], right["statusCode"]) == (308, 200)
    assert urljoin("https://x.example/ranking", bare["headers"]["location"]) == "https://x.example/ranking/"


@pytest.mark.parametrize("name", SERVED)
def test_each_file_is_served_as_what_it_is(name: str) -> None:
    """
    Compressed for who can read that, with a policy that lets nothing strange in.
    """
    packed, plain = get_file(name), get_file(name, accept_encoding="identity")

    assert content_of(packed) == content_of(plain) == (STATIC / name).read_bytes()
    assert packed["headers"]["content-encoding"] == "gzip"
    assert packed["headers"]["x-content-type-options"] == "nosniff"
    assert packed["headers"]["referrer-policy"] == "no-referrer"
    assert "default-src 'none'; script-src 'self';" in packed["headers"]["content-security-policy"]
    assert "unsafe" not in packed["headers"]["content-security-policy"]


@pytest.mark.parametrize(
    "name", ["app.py", "../app.py", "..%2Fapp.py", "/etc/passwd", "vendor", "", "vendor/README.md"]
)
def test_nothing_else_is_served(name: str) -> None:
    """
    However it is spelled.
    """
    answer = get_file(name)

    assert answer["statusCode"] == 404


def test_what_a_browser_has_is_not_sent_again() -> None:
    """
    It says which version it has.
    """
    first = get_file("app.js")
    second = get_file("app.js", if_none_match=f"W/{first['headers']['etag']}")

    assert (second["statusCode"], second["body"]) == (304, "")
    assert second["headers"]["etag"] == first["headers"]["etag"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_script_or_style_in_it(name: str) -> None:
    """
    The policy would not run them; and what a page asks for is there, by an address that holds below a base path.
    """
    page = (STATIC / name).read_text("utf-8")
    asked_for = re.findall(r'(?:src|href)="playground/([^"]+)"', page)

    assert re.findall(r"<style|\sstyle=|\son\w+=|<script>", page) == []
    assert re.findall(r'(?:src|href)="(?:/|https?:)', page) == []
    assert set(asked_for) <= set(SERVED)


def test_what_is_not_ours_is_as_its_makers_have_it() -> None:
    """
    Byte for byte, and all of it.
    """
    [listed] = STATIC.glob("vendor/*/SHA256SUMS")
    sums = {name: digest for digest, name in map(str.split, listed.read_text("utf-8").splitlines())}

    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in listed.parent.iterdir() if path != listed}
    assert found == sums


def test_our_scripts_are_small() -> None:
    """
    As in the house's other rooms, a file is one idea.
    """
    ours = [STATIC / name for name in SERVED if name.endswith(".js") and not name.startswith("vendor/")]

    assert [path.name for path in ours if len(path.read_text("utf-8").splitlines()) > 150] == []
