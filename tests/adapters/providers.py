"""The catalogue's providers at work against a server on loopback, each with its recorded exchange."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

from rerank_gateway.adapters.aws.credentials import CredentialSource
from rerank_gateway.adapters.credentials.key_ring import KeyRing, ProviderKey
from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.reranker import ProviderReranker
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.transports.messages import Transport
from rerank_gateway.domain.request import RerankRequest

RECORDED = Path(__file__).with_name("recorded")
CLOCK = SystemClock()


@dataclass(frozen=True)
class Recorded:
    """
    One exchange as it stands in recorded/NAME.json: what is sent, what comes back, what is made of it.

    *request* has `path` and `body` and, beyond the usual ones, `headers`: null for one that is not sent, `~` before a
    regular expression. *settings* are the operator's; `{url}` in them stands for the server's address. *before* has the
    responses to requests that come before it, such as one for a token, and *key* is null where none is needed.

    *options* is what the request's body has beside or instead when all options are used, and *untruncated* when
    nothing may be truncated. *image* has the `document` that a text with an image becomes, and the `model` that takes
    it if that is another one; without *image*, none there does.
    """

    name: str
    model: str
    request: Any
    response: Any
    ranking: list[list[Any]]
    usage: dict[str, Any]
    kind: str = "probability"
    settings: Mapping[str, str] = field(default_factory=dict)
    key: str | None = "k"
    before: Sequence[Any] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    untruncated: Mapping[str, Any] = field(default_factory=dict)
    image: Mapping[str, Any] | None = None

    def at(self, url: str) -> dict[str, str]:
        """The settings, for a server at *url*."""
        return {name: value.replace("{url}", url) for name, value in self.settings.items()}

    def body(self, request: RerankRequest, model: str | None = None) -> Any:
        """What is sent for *request*, as JSON has it."""
        settings = known_settings(self.name, self.at("http://upstream"))

        return json.loads(json.dumps(self.dialect.phrase(request, model or self.model, settings)))

    @property
    def dialect(self) -> Dialect:
        return registry.provider(self.name).dialect

    @property
    def rows(self) -> Any:
        """The result rows in the response."""
        return reduce(lambda body, step: body[step], self._steps, self.response["body"])

    def response_with(self, rows: Any) -> Any:
        """The response's body with other result rows."""
        return _replaced(self.response["body"], self._steps, rows)

    @property
    def _steps(self) -> list[str]:
        return [step for step in self.dialect.results.split(".") if step]

    @classmethod
    def of(cls, name: str) -> Recorded:
        return cls(name, **json.loads((RECORDED / f"{name}.json").read_text("utf-8")))


def _replaced(body: Any, steps: list[str], rows: Any) -> Any:
    return {**body, steps[0]: _replaced(body[steps[0]], steps[1:], rows)} if steps else rows


def known_settings(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Those that the description of the provider called *name* leaves at a value, and those *given*."""
    settings = {**registry.provider(name).settings, **given}

    return {setting: value for setting, value in settings.items() if value is not None}


def reranker(
    transport: Transport, name: str, url: str, *keys: str | None, settings: Mapping[str, str] | None = None
) -> ProviderReranker:
    """The provider called *name* at *url*, with *keys* to draw from."""
    ring = KeyRing(lambda _: [ProviderKey(key) for key in keys if key], CLOCK, Random(0))

    description = registry.provider(name)
    known = known_settings(name, settings or {})
    context = SigningContext(transport, CLOCK, CredentialSource(os.environ))
    who_signs = create_signer(description.auth, known, context)

    return ProviderReranker(name, description, transport, who_signs, ring, url, known)
