"""What there is to say about a provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rerank_gateway.adapters.dialect import Dialect
from rerank_gateway.domain.answer import Usage

SEARCH_DOCUMENTS = 100
"""Documents that one search unit covers (docs.cohere.com, pricing FAQ)."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in USD."""

    per_search: float = 0.0
    per_million_tokens: float = 0.0

    def of(self, usage: Usage, documents: int) -> float:
        """The price of a request; where the provider counts no search units, every 100 documents are one."""
        searches = usage.search_units if usage.search_units is not None else -(-documents // SEARCH_DOCUMENTS)

        return self.per_search * searches + self.per_million_tokens * usage.total_tokens / 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """
    A reranker behind HTTPS.

    *url* is the server's root, None where only its owner knows it; *path* follows it. *urls_by_key* sends keys
    with a certain beginning elsewhere. *key_variables* are the environment variables its users know; an empty
    tuple and *needs_key* False go with servers that usually run without one.
    """

    name: str
    dialect: Dialect
    path: str
    docs: str
    url: str | None = None
    urls_by_key: Mapping[str, str] = field(default_factory=dict)
    key_variables: tuple[str, ...] = ()
    needs_key: bool = True
    prices: Mapping[str, Price] = field(default_factory=dict)

    def address(self, key: str | None, url: str | None) -> str | None:
        """Where to send a question under *key*; *url*, from the operator, replaces the provider's own."""
        root = url or self._root(key or "")
        if root is None:
            return None

        return root if root.endswith(self.path) else root.rstrip("/") + self.path

    def _root(self, key: str) -> str | None:
        return next((url for start, url in self.urls_by_key.items() if key.startswith(start)), self.url)
