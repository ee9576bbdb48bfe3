"""The bytes that a caller meant: out of base64, out of gzip, and never more of them than we can hold."""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode
from collections.abc import Mapping

from rerank_gateway.domain.errors import InvalidRequest, TooLarge, UnsupportedMedia

MAX_INFLATED_BYTES = 20 * 1024 * 1024
"""Bytes of an inflated body. What comes in is at most 6 MB (Lambda), but a gzip of that can be 6 GB of blanks."""
GZIP_WBITS = 16 + zlib.MAX_WBITS
"""Tells zlib to expect gzip's header."""
MAX_GZIP_MEMBERS = 100
"""What is behind a member is copied when it ends: of a million empty ones, a megabyte a million times."""


def decode_body(headers: Mapping[str, str], body: str, is_base64: bool) -> bytes:
    """
    The bytes in an event's *body*, as its *headers* say how to read it.

    Raises UnsupportedMedia, InvalidRequest or TooLarge.
    """
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip"):
        raise UnsupportedMedia("Content-Encoding must be gzip or identity")
    sent = _decode_base64(body, is_base64)

    return _inflate(sent) if encoding == "gzip" else sent


def require_json(content_type: str) -> None:
    """Raise UnsupportedMedia for a body of another type."""
    media = content_type.partition(";")[0].strip().lower()
    if media and media != "application/json" and not media.endswith("+json"):
        raise UnsupportedMedia("Content-Type must be application/json")


def _decode_base64(body: str, is_base64: bool) -> bytes:
    # What is no Unicode comes out as bytes that are no JSON, and is refused as such.
    raw = body.encode("utf-8", "surrogatepass")
    if not is_base64:
        return raw
    try:
        return b64decode(raw, validate=True)
    except binascii.Error as wrong:
        raise InvalidRequest("the body is not base64") from wrong


def _inflate(compressed: bytes) -> bytes:
    inflated, members = bytearray(), 0
    while compressed:
        members += 1
        if members > MAX_GZIP_MEMBERS:
            raise InvalidRequest(f"the gzip body has more than {MAX_GZIP_MEMBERS} members")
        stream = zlib.decompressobj(GZIP_WBITS)
        try:
            inflated += stream.decompress(compressed, MAX_INFLATED_BYTES + 1 - len(inflated))
        except zlib.error as wrong:
            raise InvalidRequest("the body is not gzip") from wrong
        if len(inflated) > MAX_INFLATED_BYTES:
            raise TooLarge(f"the body inflates to more than {MAX_INFLATED_BYTES} bytes")
        if not stream.eof:
            raise InvalidRequest("the gzip body breaks off")
        # A gzip file may be several, one after the other (RFC 1952, 2.2).
        compressed = stream.unused_data

    return bytes(inflated)
