"""Which server an address leads to, and by which name."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from rerank_gateway.domain.errors import TargetFailed

PORTS = {"http": 80, "https": 443}
UNUSABLE = "the provider has no address that can be used"


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port (RFC 6454); an IPv6 address is without its brackets."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: the server, its name in the header `Host`, and what is asked of it."""

    origin: Origin
    host: str
    target: str

    @classmethod
    def parse(cls, url: str) -> Address:
        """Raises TargetFailed for what is no address on the web."""
        try:
            parts = urlsplit(url)
            origin = Origin(parts.scheme, parts.hostname or "", parts.port or PORTS[parts.scheme])
        except (ValueError, KeyError):
            raise TargetFailed(UNUSABLE) from None
        if not origin.host.isascii() or not origin.host:
            raise TargetFailed(UNUSABLE)
        query = f"?{parts.query}" if parts.query else ""

        return cls(origin, _host(parts), (parts.path or "/") + query)


def _host(parts: SplitResult) -> str:
    """As it goes into the header: an IPv6 address in brackets (RFC 9110, 7.2), and no port where none is written."""
    name = parts.hostname or ""
    bracketed = f"[{name}]" if ":" in name else name

    return bracketed if parts.port is None else f"{bracketed}:{parts.port}"
