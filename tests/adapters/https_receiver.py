"""A receiver with TLS on loopback, whose certificate was made by itself."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.upstream import Answer, Upstream

NAME = "receiver.example"


@dataclass
class HttpsReceiver(Upstream):
    """*names* are those by which clients have asked for it."""

    port: int = 0
    certificate: Path = Path()
    names: list[str | None] = field(default_factory=list)


@contextmanager
def https_receiver(folder: Path, *answers: Answer, days: float = 1) -> Iterator[HttpsReceiver]:
    """A running one called NAME, gone at the end of the block, whose certificate is good for so many *days*."""
    certificate, key = _certificate(folder, days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        receiver = HttpsReceiver(list(answers), url=f"https://{NAME}:{port}/hooks", port=port, certificate=certificate)
        context.sni_callback = lambda _, name, __: receiver.names.append(name)
        Thread(target=_accept, args=(server, context, receiver), daemon=True).start()
        yield receiver
        server.shutdown(socket.SHUT_RDWR)


def _accept(server: socket.socket, context: ssl.SSLContext, receiver: HttpsReceiver) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        Thread(target=_serve, args=(connection, context, receiver), daemon=True).start()


def _serve(connection: socket.socket, context: ssl.SSLContext, receiver: HttpsReceiver) -> None:
    # A client that does not trust the certificate hangs up.
    with suppress(OSError), connection:
        receiver.serve(context.wrap_socket(connection, server_side=True))


def _certificate(folder: Path, days: float) -> tuple[Path, Path]:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )

    return certificate, secret
