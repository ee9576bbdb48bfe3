"""
Messages to addresses that others have chosen: to public ones only, whatever DNS says, and nowhere else afterwards.

A name is resolved once. Every address that it has is looked at, and the connection goes to one of those that were: who
answers differently the next time is not asked. Redirects are not followed, proxies of the environment are not used, and
of a response only the head is read.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

import h11

from rerank_gateway.adapters.transports.connection import Connection
from rerank_gateway.adapters.transports.origin import Address as Url
from rerank_gateway.adapters.transports.origin import Origin
from rerank_gateway.adapters.transports.retry_after import parse_retry_after
from rerank_gateway.adapters.transports.sockets import Address, connect_to_one, start_tls
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.domain.webhooks.ports import Reply, WebhookSender

USER_AGENT = "rerank-gateway-webhooks"

Resolve: TypeAlias = Callable[[str, int], Sequence[Address]]


class AddressRefusedError(OSError):
    """A name leads to where webhooks do not go."""


@dataclass(frozen=True, slots=True)
class HttpsWebhookSender(WebhookSender):
    """*allows* says of an address in numbers whether it may be sent to, *trust* whose certificates are good."""

    allows: Callable[[str], bool]
    resolve: Resolve
    trust: Callable[[], ssl.SSLContext]

    def post(self, url: str, headers: Mapping[str, str], body: str, deadline: Deadline) -> Reply:
        try:
            address = Url.parse(url)
            with closing(self._connection(address.origin, deadline)) as connection:
                head = _answer(connection, _head(address, headers, body), body.encode(), deadline)
        except TimeoutError:
            return Reply(failure="timed_out")
        except AddressRefusedError:
            return Reply(failure="address_refused")
        except h11.ProtocolError:
            return Reply(failure="bad_response")
        except ssl.SSLError:
            return Reply(failure="tls_failed")
        except (OSError, UnicodeError, TargetFailed):
            return Reply(failure="unreachable")

        return Reply(head.status_code, retry_after=_retry_after(head))

    def _connection(self, origin: Origin, deadline: Deadline) -> Connection:
        addresses = self.resolve(origin.host, origin.port)
        # One that leads inside as well is not to be trusted with the rest.
        if not all(self.allows(str(address[4][0])) for address in addresses):
            raise AddressRefusedError("an address that is not public")
        sock = connect_to_one(addresses, deadline)

        return Connection(start_tls(sock, self.trust(), origin.host, deadline) if origin.scheme == "https" else sock)


def _answer(connection: Connection, head: h11.Request, body: bytes, deadline: Deadline) -> h11.Response:
    """Raises a ProtocolError of h11's also where the connection breaks off: somebody was there."""
    try:
        connection.send(head, body, deadline)

        return connection.head(deadline)
    except ConnectionError as broken:
        raise h11.RemoteProtocolError("the connection broke off") from broken


def _retry_after(head: h11.Response) -> float | None:
    said = dict(head.headers).get(b"retry-after", b"")

    return parse_retry_after(said.decode("latin-1"))


def _head(address: Url, headers: Mapping[str, str], body: str) -> h11.Request:
    fields = {
        "host": address.host,
        "user-agent": USER_AGENT,
        "accept": "*/*",
        "content-type": "application/json",
        "content-length": str(len(body.encode())),
        "connection": "close",
        **headers,
    }

    return h11.Request(method="POST", target=address.target, headers=list(fields.items()))
