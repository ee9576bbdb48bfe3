"""Which addresses webhooks may go to: none inside anybody's network, this one's least of all."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from rerank_gateway.domain.errors import InvalidRequest

MAX_URL_CHARS = 2048
HTTPS_PORT, FIRST_FREE_PORT = 443, 1024
"""Below that are the ports of other protocols, which some servers can be made to take a request for."""
PRINTABLE = re.compile(r"[!-\[\]-~]+")
"""ASCII that goes into an address, which a backslash does not: readers differ on what it is."""
HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+")
INNER_NAMES = (".localhost", ".local", ".internal", ".home.arpa")
NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
LOOPBACK = ("127.0.0.1", "::1", "localhost")

UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out (IANA, ipv6-address-space)."""
NOT_PUBLIC = tuple(
    map(
        ip_network,
        (
            "192.88.99.0/24",  # relays of 6to4, RFC 7526
            "192.0.0.0/24",  # protocol assignments, RFC 6890
            "2001::/23",  # the same of IPv6, Teredo among them
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: IPv4 inside
            "3fff::/20",  # documentation, RFC 9637
        ),
    )
)
"""What Python, in one version or another, takes for global. IPv4-mapped addresses and NAT64's are not in UNICAST."""


def is_public(address: str) -> bool:
    """Whether *address*, as numbers, is public: not private, link-local, loopback, shared, multicast or reserved."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and (ip not in UNICAST or ip.scope_id):
        return False

    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
        and not any(ip in network for network in NOT_PUBLIC if network.version == ip.version)
    )


def is_loopback(address: str) -> bool:
    """For a gateway on one's own machine only."""
    return ip_address(address).is_loopback


def must_be_reachable(url: str, *, loopback: bool = False) -> None:
    """
    Raise InvalidRequest for a *url* that webhooks cannot go to, as far as one can see without asking DNS. With
    *loopback* it may be this machine's, and without TLS.
    """
    parts = _parts(url)
    host = parts.hostname or ""
    if loopback and host in LOOPBACK and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https":
        raise _refused("must begin with https://")
    if parts.port is not None and parts.port != HTTPS_PORT and parts.port < FIRST_FREE_PORT:
        raise _refused(f"must have the port {HTTPS_PORT}, or one from {FIRST_FREE_PORT} on")
    literal = _literal(host)
    if literal is None:
        _must_be_a_name(host)
    elif not is_public(str(literal)):
        raise _refused("must lead to a public address")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_address = bool(PRINTABLE.fullmatch(url) and parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise _refused("must be an address in ASCII, such as https://example.com/hooks")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused("must have no user, password or fragment")

    return parts


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _must_be_a_name(host: str) -> None:
    # Resolvers take 127.1, 0x7f000001 and 2130706433 for addresses.
    if not HOST_NAME.fullmatch(host) or NUMBER.fullmatch(host.rpartition(".")[2]):
        raise _refused("must have a host name with a domain, or an address as it is usually written")
    if host.endswith(INNER_NAMES):
        raise _refused("must lead to a public address")


def _refused(what: str) -> InvalidRequest:
    return InvalidRequest(f"url {what}", param="url")
