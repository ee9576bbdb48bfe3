"""The gateway over HTTP. Whatever it says that is no success ends the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import typer

from cli.errors import CommandError, ExitCode, exit_code_of

CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 5.0, 35.0
"""Seconds. API Gateway answers within 30."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the gateway is, and the key to come with."""

    url: str
    key: str

    def __repr__(self) -> str:
        return f"Address({self.url!r})"


@dataclass(frozen=True, slots=True)
class Request:
    """*params* without a value are left out."""

    method: str
    path: str
    body: Any = None
    params: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None


def send(context: typer.Context, request: Request) -> httpx.Response:
    """The gateway's response, a success. Raises CommandError."""
    address: Address = context.find_root().obj
    with open_client(address) as client:
        params = {name: value for name, value in (request.params or {}).items() if value is not None}
        try:
            response = client.request(
                request.method, request.path, params=params, json=request.body, headers=request.headers
            )
        except httpx.HTTPError as error:
            raise CommandError(f"{address.url} cannot be reached: {error}", ExitCode.UNREACHABLE) from None
    if not response.is_success:
        raise CommandError(refusal(response), exit_code_of(response.status_code))

    return response


def json_of(response: httpx.Response) -> Any:
    """The JSON in *response*. Raises CommandError where something else answered than a gateway."""
    try:
        return response.json()
    except ValueError:
        raise CommandError(f"{response.url} answered with something else than JSON", ExitCode.GATEWAY_FAILED) from None


def open_client(address: Address) -> httpx.Client:
    """For those who ask more than once. Raises CommandError where the *address* cannot be one."""
    _require_address(address)
    try:
        host = httpx.URL(address.url).host
    except httpx.InvalidURL as wrong:
        raise CommandError(f"--url is no URL: {wrong}", ExitCode.USAGE) from None

    return httpx.Client(
        base_url=address.url,
        headers={"authorization": f"Bearer {address.key}"},
        timeout=httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        # No proxy leads to this machine.
        trust_env=host not in LOOPBACK,
    )


def _require_address(address: Address) -> None:
    if not address.url:
        raise CommandError("--url or RERANK_GATEWAY_URL is required", ExitCode.USAGE)
    if not address.key:
        raise CommandError("--key or RERANK_GATEWAY_KEY is required", ExitCode.USAGE)
    if not address.key.isascii() or not address.key.isprintable():
        raise CommandError("a key has printable ASCII characters only", ExitCode.USAGE)
    if not address.url.startswith(("http://", "https://")):
        raise CommandError("--url must begin with http:// or https://", ExitCode.USAGE)


def refusal(response: httpx.Response) -> str:
    """The gateway's own words, and what its log knows the request by."""
    request_id = response.headers.get("x-request-id")
    told = f"{response.status_code}: {_message(response)}"

    return f"{told} (request {request_id})" if request_id else told


def _message(response: httpx.Response) -> str:
    """Each API has its message somewhere else."""
    try:
        body = response.json()
    except ValueError:
        return response.reason_phrase
    match body:
        case {"error": {"message": str(message)}} | {"message": str(message)} | {"detail": str(message)}:
            return message

    return response.reason_phrase
