"""An AWS in this process: moto, on a port of its own. In the end all is forgotten."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = "127.0.0.1"


def start_embedded_aws(variables: MutableMapping[str, str], host: str = LOOPBACK, port: int = 0) -> str:
    """
    Start it, point boto3 at it by way of the environment's *variables*, and return its address.

    Port 0 takes a free one. Raises OSError when the port cannot be had.
    """
    # Half a second, which whoever has another AWS need not wait.
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    # It announces every request otherwise.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = OneRequestAtATime(DomainDispatcherApplication(create_backend_app))
    with socket.create_server((host, port)) as listener:
        # Bound by ourselves: werkzeug ends the program when it cannot.
        server = make_server(host, port, app, threaded=True, fd=listener.fileno())
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://{LOOPBACK}:{server.port}"
    _point_boto3_at(address, variables)

    return address


def create_client(service: str, address: str) -> Any:
    import boto3

    # The address is spelt out: whatever else the environment says, nothing ever reaches a real account.
    return boto3.client(service, endpoint_url=address)


def _point_boto3_at(address: str, variables: MutableMapping[str, str]) -> None:
    variables["AWS_ENDPOINT_URL"] = address
    variables.setdefault("AWS_ACCESS_KEY_ID", "local")
    variables.setdefault("AWS_SECRET_ACCESS_KEY", "local")
    no_proxy = variables.get("no_proxy") or variables.get("NO_PROXY")
    variables["no_proxy"] = f"{no_proxy},{LOOPBACK}" if no_proxy else LOOPBACK


@dataclass(frozen=True, slots=True)
class OneRequestAtATime:
    """
    WSGI middleware that lets one request after the other to *app*.

    moto's tables look first and then write: of two conditional writes at the same moment both could succeed, and two
    workers would have the same job.
    """

    app: WSGIApplication
    lock: Lock = field(default_factory=Lock)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Whoever waits for messages must not keep out the one who sends them. moto's queues can stand that.
        if environ.get("HTTP_X_AMZ_TARGET") == "AmazonSQS.ReceiveMessage":
            return self.app(environ, start_response)
        with self.lock:
            return self.app(environ, start_response)
