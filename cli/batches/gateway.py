"""What is asked of the gateway about files and batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from cli.batches.whole_file import replacing
from cli.client import CONNECT_TIMEOUT_S, LOOPBACK, json_of, refusal
from cli.errors import CommandError, ExitCode, exit_code_of

FILES, UPLOADS, BATCHES = "/v1/files", "/v1/uploads", "/v1/batches"
MAX_FORM_BYTES = 4 * 1024 * 1024
"""Of a file, which goes to an address of its own above that."""
PIECE_BYTES = 1024 * 1024
STORAGE_TIMEOUT = httpx.Timeout(120.0, connect=CONNECT_TIMEOUT_S)
ENDED = frozenset(("completed", "failed", "expired", "cancelled"))

Batch = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Options:
    """Until when a batch is worked on, *params* for bodies that do not have them, and the *webhook* told of its end."""

    window: str = "24h"
    params: Mapping[str, Any] = field(default_factory=dict)
    webhook: str | None = None


@dataclass(frozen=True, slots=True)
class BatchClient:
    """By an open *client* of the gateway's. All methods raise CommandError."""

    client: httpx.Client

    def send_file(self, path: Path, pieces: Iterator[bytes]) -> str:
        """The id of a new file with the content of *path*, which *pieces* has."""
        size = path.stat().st_size
        # Names of files need not be text.
        name = path.name.encode("utf-8", "replace").decode()
        if size <= MAX_FORM_BYTES:
            form = {"files": {"file": (name, b"".join(pieces))}, "data": {"purpose": "batch"}}

            return str(self._ask("POST", FILES, **form)["id"])
        told = {"filename": name, "purpose": "batch", "bytes": size, "mime_type": "application/jsonl"}
        upload = self._ask("POST", UPLOADS, json=told)
        _put(upload["upload_url"], size, pieces)

        return str(self._ask("POST", f"{UPLOADS}/{_escaped(upload['id'])}/complete")["file"]["id"])

    def has_file(self, file_id: str) -> bool:
        return self._found(f"{FILES}/{_escaped(file_id)}") is not None

    def create(self, file_id: str, options: Options, idempotency_key: str) -> Batch:
        body = {"input_file_id": file_id, "endpoint": "/v1/rerank", "completion_window": options.window}
        params = {"request_params": options.params} if options.params else {}
        webhook = {} if options.webhook is None else {"x-bf-async-webhook": options.webhook}

        return self._ask(
            "POST", BATCHES, json={**body, **params}, headers={"idempotency-key": idempotency_key, **webhook}
        )

    def show(self, batch_id: str) -> Batch:
        return self._ask("GET", f"{BATCHES}/{_escaped(batch_id)}")

    def find(self, batch_id: str) -> Batch | None:
        """None where it is not there, or not any more."""
        return self._found(f"{BATCHES}/{_escaped(batch_id)}")

    def cancel(self, batch_id: str) -> Batch:
        return self._ask("POST", f"{BATCHES}/{_escaped(batch_id)}/cancel")

    def newest(self, limit: int) -> Batch:
        """The list of them."""
        return self._ask("GET", BATCHES, params={"limit": limit})

    def fetch(self, file_id: str, path: Path) -> None:
        """Have the content of a file in *path*, all of it or what was there before."""
        address = f"{FILES}/{_escaped(file_id)}/content"
        try:
            # The address of a large one is elsewhere, where the key does not go along.
            with self.client.stream("GET", address, follow_redirects=True, timeout=STORAGE_TIMEOUT) as response:
                _must_succeed(response)
                with replacing(path) as file:
                    for piece in response.iter_bytes(PIECE_BYTES):
                        file.write(piece)
        except httpx.HTTPError as error:
            raise _unreachable(self.client.base_url, error) from None

    def _found(self, path: str) -> dict[str, Any] | None:
        try:
            return self._ask("GET", path)
        except CommandError as error:
            if error.exit_code is not ExitCode.REFUSED:
                raise

        return None

    def _ask(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        try:
            response = self.client.request(method, path, **options)
        except httpx.HTTPError as error:
            raise _unreachable(self.client.base_url, error) from None
        _must_succeed(response)
        answer: dict[str, Any] = json_of(response)

        return answer


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(PIECE_BYTES), b"")


def _put(address: str, size: int, pieces: Iterator[bytes]) -> None:
    """S3 wants to know the size beforehand, and no key of ours."""
    trust_env = httpx.URL(address).host not in LOOPBACK
    try:
        with httpx.Client(timeout=STORAGE_TIMEOUT, trust_env=trust_env) as client:
            response = client.put(address, content=pieces, headers={"content-length": str(size)})
    except httpx.HTTPError as error:
        raise _unreachable(httpx.URL(address).host, error) from None
    if not response.is_success:
        raise CommandError(f"the upload failed: {response.status_code} {response.reason_phrase}", ExitCode.REFUSED)


def _must_succeed(response: httpx.Response) -> None:
    if not response.is_success:
        response.read()
        raise CommandError(refusal(response), exit_code_of(response.status_code))


def _unreachable(what: object, error: httpx.HTTPError) -> CommandError:
    return CommandError(f"{what} cannot be reached: {error}", ExitCode.UNREACHABLE)


def _escaped(name: str) -> str:
    return quote(name, safe="")
