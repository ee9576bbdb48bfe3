"""What rankings cost."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.usage import Usage

DOCUMENTS_PER_SEARCH_UNIT = 100
"""Documents that one search unit covers (docs.cohere.com, pricing FAQ); AWS and Google count alike."""
BYTES_PER_TOKEN = 4
"""Bytes of UTF-8 that make about one token, where nobody has counted yet."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in USD."""

    per_search: float = 0.0
    per_million_tokens: float = 0.0

    def of(self, usage: Usage) -> float:
        """The price of what was used."""
        return self.per_search * (usage.search_units or 0) + self.per_million_tokens * usage.total_tokens / 1e6


def search_units_for(documents: int) -> int:
    """The search units of a request, where the provider does not count them."""
    return -(-documents // DOCUMENTS_PER_SEARCH_UNIT)
