"""The trace that a request belongs to, as W3C's Trace Context has it and as X-Ray does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
"""w3.org/TR/trace-context: later versions may have more behind the flags, the first one has not."""
TRACESTATE = re.compile(r"[a-z0-9][a-z0-9_\-*/@]*=[ -+\--<>-~]*(,[ \t]*[a-z0-9][a-z0-9_\-*/@]*=[ -+\--<>-~]*)*")
MAX_STATE_CHARS = 512
"""What the standard has everyone pass on."""
XRAY_ROOT = re.compile(r"1-([0-9a-f]{8})-([0-9a-f]{24})")


@dataclass(frozen=True, slots=True)
class Trace:
    """*parent* is a `traceparent`, *state* the `tracestate` that came with it, if any."""

    parent: str
    state: str = ""

    @property
    def id(self) -> str:
        """Sixteen bytes in hexadecimal."""
        return self.parent[3:35]

    @property
    def headers(self) -> dict[str, str]:
        """What hands it on, under the names that headers and message attributes share."""
        return {"traceparent": self.parent} | ({"tracestate": self.state} if self.state else {})


def trace_of(headers: Mapping[str, str], xray_header: str = "") -> Trace | None:
    """
    The trace that *headers* name, whose names are in lower case; that of *xray_header* where they name none. What is
    malformed is as good as not there.
    """
    found = TRACEPARENT.fullmatch(headers.get("traceparent", "")) if "traceparent" in headers else None
    if found and (found[1] != "00" or not found[5]):
        state = headers.get("tracestate", "").strip()
        is_good = len(state) <= MAX_STATE_CHARS and TRACESTATE.fullmatch(state)

        return Trace(f"00-{found[2]}-{found[3]}-{found[4]}", state if is_good else "")

    return _trace_of_xray(xray_header) if xray_header else None


def xray_id(xray_header: str) -> str:
    """X-Ray's own name for the trace in its header, which is `Root=ID;Parent=ID;Sampled=0 or 1`; "" for none."""
    return _fields(xray_header).get("Root", "")


def _trace_of_xray(xray_header: str) -> Trace | None:
    fields = _fields(xray_header)
    root, parent = XRAY_ROOT.fullmatch(fields.get("Root", "")), fields.get("Parent", "")
    flags = "01" if fields.get("Sampled") == "1" else "00"

    return trace_of({"traceparent": f"00-{root[1]}{root[2]}-{parent}-{flags}"}) if root else None


def _fields(xray_header: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in xray_header.split(";"))
