"""Two ways to ask a vendor, both of which end at one loopback server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import litellm
from litellm.llms.custom_httpx.http_handler import HTTPHandler

from tests.clients.wire.heard import Heard, wants_token
from tests.clients.wire.vendors import Vendor
from tests.upstream import Question, Upstream, says

QUESTION = {"query": "which one?", "documents": ["the first", "the second", "the third"]}
TOKEN = {"access_token": "a-token", "token_type": "Bearer", "expires_in": 1}
"""Too short-lived to be kept, so that every question is preceded by one for a token."""


@dataclass(frozen=True)
class ByGateway:
    """The gateway at *url* knows nobody but *server*."""

    server: Upstream
    url: str

    def ask(self, vendor: Vendor, asked: Mapping[str, Any]) -> Heard:
        body = {"model": f"{vendor.name}/{vendor.recorded['model']}", **QUESTION, **asked}
        with replying(self.server, vendor.recorded["response"]) as questions:
            reply = httpx.post(f"{self.url}/v1/rerank", json=body, headers={"authorization": "Bearer sk-local"})

        # None where the recorded reply does not rank as many documents as were asked for.
        return Heard.of(questions, reply.json().get("results", ()))


@dataclass(frozen=True)
class ByLiteLLM:
    server: Upstream

    def ask(self, vendor: Vendor, asked: Mapping[str, Any]) -> Heard:
        told = {**vendor.for_litellm(self.server.url), **QUESTION, **asked}
        transport = Detour(self.server.url)
        with (
            replying(self.server, vendor.recorded["response"]) as questions,
            httpx.Client(transport=transport) as client,
        ):
            response = litellm.rerank(**told, client=HTTPHandler(client=client))

        return Heard.of(questions, response.results)


class Detour(httpx.HTTPTransport):
    """Brings to the server at *url* what is addressed to anybody; only the header `host` still tells to whom."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.end = httpx.URL(url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host=self.end.host, port=self.end.port)

        return super().handle_request(request)


@contextmanager
def replying(server: Upstream, reply: Mapping[str, Any]) -> Iterator[list[Question]]:
    """What *server* is asked meanwhile. It has a token for those who want one, and *reply* for all others."""
    token, recorded = says(TOKEN), says(reply["body"], headers=reply["headers"])
    server.answers[:] = [lambda connection: (token if wants_token(server.questions[-1]) else recorded)(connection)]
    server.questions = []
    yield server.questions
