"""A form with a file in it: `multipart/form-data` (RFC 7578), as browsers, curl and SDKs send it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from rerank_gateway.domain.errors import InvalidRequest, UnsupportedMedia

MEDIA_TYPE = "multipart/form-data"
BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
PARAMETER = re.compile(r';\s*([A-Za-z]+\*?)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))')
MAX_PARTS = 20
MAX_HEADER_BYTES = 4096
BROKEN = "the form breaks off, or its parts are not divided by its boundary"


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form; *filename* is None where it is no file."""

    content: bytes
    filename: str | None = None


def parse_form(content_type: str, body: bytes) -> Mapping[str, Part]:
    """The fields in *body* by name. Raises UnsupportedMedia, or InvalidRequest for what is no such form."""
    media, _, _ = content_type.partition(";")
    boundary = BOUNDARY.search(content_type)
    if media.strip().lower() != MEDIA_TYPE or not boundary:
        raise UnsupportedMedia(f"Content-Type must be {MEDIA_TYPE} with a boundary")
    fields: dict[str, Part] = {}
    for name, part in _parts(body, b"--" + (boundary[1] or boundary[2]).encode("utf-8", "replace")):
        if name in fields:
            raise InvalidRequest("the form has a field twice")
        fields[name] = part

    return fields


def _parts(body: bytes, delimiter: bytes) -> Iterator[tuple[str, Part]]:
    # What stands before the first one means nothing; each further one begins a line.
    start = 0 if body.startswith(delimiter) else body.find(b"\r\n" + delimiter) + 2
    if start == 1:
        raise InvalidRequest(BROKEN)
    for _ in range(MAX_PARTS + 1):
        start += len(delimiter)
        if body.startswith(b"--", start):
            return
        end = body.find(b"\r\n" + delimiter, start)
        if not body.startswith(b"\r\n", start) or end < 0:
            raise InvalidRequest(BROKEN)
        yield _part(body, start, end)
        start = end + 2
    raise InvalidRequest(f"the form has more than {MAX_PARTS} fields")


def _part(body: bytes, start: int, end: int) -> tuple[str, Part]:
    """The name and the content of what stands between *start* and *end*: headers, an empty line, the content."""
    empty = body.find(b"\r\n\r\n", start, min(end, start + MAX_HEADER_BYTES))
    if empty < 0:
        raise InvalidRequest(BROKEN)
    parameters = _disposition(body[start:empty].decode("utf-8", "replace"))
    if "name" not in parameters:
        raise InvalidRequest("a field of the form has no name")

    return parameters["name"], Part(body[empty + 4 : end], parameters.get("filename"))


def _disposition(headers: str) -> Mapping[str, str]:
    """The parameters of Content-Disposition."""
    found: dict[str, str] = {}
    line = next((each for each in headers.split("\r\n") if each.lower().startswith("content-disposition:")), "")
    for name, quoted, bare in PARAMETER.findall(line):
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
        # In the way of RFC 8187, which some clients take for what is not ASCII; it says more than the plain one.
        if name.endswith("*"):
            value = unquote_to_bytes(value.rpartition("'")[2]).decode("utf-8", "replace")
        found[name.lower().rstrip("*")] = value

    return found
