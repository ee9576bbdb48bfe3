"""The catalogue's providers at work against a server on loopback, each with its recorded exchange."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from random import Random
from typing import Any

from rerank_gateway.adapters import catalogue
from rerank_gateway.adapters.carriers.https import HttpsCarrier
from rerank_gateway.adapters.clock import SystemClock
from rerank_gateway.adapters.dialect import Dialect
from rerank_gateway.adapters.key_ring import KeyRing, ProviderKey
from rerank_gateway.adapters.provider_reranker import ProviderReranker
from rerank_gateway.adapters.signers import signer

REPLIES = Path(__file__).with_name("replies")
CLOCK = SystemClock()


@dataclass(frozen=True)
class Recorded:
    """
    One exchange as it stands in replies/NAME.json: what is sent, what comes back, what is made of it.

    *question* has `path` and `body` and, beyond the usual ones, `headers`: null for one that is not sent, `~` before a
    regular expression. *settings* are the operator's; `{url}` in them stands for the server's address. *before* has the
    replies to what is asked before the question, such as a token.
    """

    name: str
    model: str
    question: Any
    reply: Any
    ranking: list[list[Any]]
    usage: dict[str, Any]
    kind: str = "probability"
    settings: Mapping[str, str] = field(default_factory=dict)
    key: str = "k"
    before: Sequence[Any] = ()

    def at(self, url: str) -> dict[str, str]:
        """The settings, for a server at *url*."""
        return {name: value.replace("{url}", url) for name, value in self.settings.items()}

    @property
    def dialect(self) -> Dialect:
        return catalogue.provider(self.name).dialect

    @property
    def rows(self) -> Any:
        """The result rows in the reply."""
        return reduce(lambda said, step: said[step], self._steps, self.reply["body"])

    def reply_with(self, rows: Any) -> Any:
        """The reply with other result rows."""
        return _replaced(self.reply["body"], self._steps, rows)

    @property
    def _steps(self) -> list[str]:
        return [step for step in self.dialect.results.split(".") if step]

    @classmethod
    def of(cls, name: str) -> Recorded:
        return cls(name, **json.loads((REPLIES / f"{name}.json").read_text("utf-8")))


def _replaced(said: Any, steps: list[str], rows: Any) -> Any:
    return {**said, steps[0]: _replaced(said[steps[0]], steps[1:], rows)} if steps else rows


def reranker(
    carrier: HttpsCarrier, name: str, url: str, *keys: str, settings: Mapping[str, str] | None = None
) -> ProviderReranker:
    """The provider called *name* at *url*, with *keys* to draw from."""
    ring = KeyRing(lambda _: [ProviderKey(key) for key in keys], CLOCK, Random(0))

    description = catalogue.provider(name)
    known = {name: value for name, value in {**description.settings, **(settings or {})}.items() if value is not None}
    who_signs = signer(description.auth, known, carrier, CLOCK)

    return ProviderReranker(name, description, carrier, who_signs, ring, CLOCK, url, known)
