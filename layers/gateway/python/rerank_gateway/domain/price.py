"""What rankings cost."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.tokens import estimated_tokens, size_of
from rerank_gateway.domain.usage import Usage

DOCUMENTS_PER_SEARCH_UNIT = 100
"""Documents that one search unit covers (docs.cohere.com, pricing FAQ); AWS and Google count alike."""
PAIR_TOKENS, MAX_IMAGE_TOKENS = 8, 16_384
"""Tokens around a query and a text (four, in the usual models), and of an image: many times what models make of one."""
READ_TOKENS = 4_096
"""Tokens of a document that are read unless a request says otherwise (docs.cohere.com, `max_tokens_per_doc`)."""


@dataclass(frozen=True, slots=True)
class Price:
    """
    What a model costs, in USD. With *chunk_tokens*, a text that has more of them, the query included, counts for
    several documents.
    """

    per_search: float = 0.0
    per_million_tokens: float = 0.0
    chunk_tokens: int | None = None

    def of(self, usage: Usage) -> float:
        """The price of what was used."""
        return self.per_search * (usage.search_units or 0) + self.per_million_tokens * usage.total_tokens / 1e6

    def search_units(self, request: RerankRequest) -> int:
        """The search units of *request*, where the provider does not count them."""
        documents = _chunks(request, self.chunk_tokens) if self.chunk_tokens else len(request.texts)

        return -(-documents // DOCUMENTS_PER_SEARCH_UNIT)

    def at_most(self, request: RerankRequest) -> float:
        """
        What *request* cannot cost more than, however its tokens are counted: none is less than a byte of a text, but
        for those that a model puts around each pair, and images.
        """
        query = size_of(request.query) + size_of(request.instruction or "") + PAIR_TOKENS
        tokens = [query + size_of(text) for text in request.texts]
        documents = sum(-(-count // self.chunk_tokens) for count in tokens) if self.chunk_tokens else len(tokens)
        units = -(-documents // DOCUMENTS_PER_SEARCH_UNIT)
        total = sum(tokens) + len(request.images) * MAX_IMAGE_TOKENS

        return self.of(Usage(total_tokens=total, search_units=units))

    def expected(self, request: RerankRequest) -> float:
        """What *request* should cost, by the usual size of tokens."""
        query = estimated_tokens(request.query)
        tokens = sum(query + estimated_tokens(text) for text in request.texts)

        return self.of(Usage(total_tokens=tokens, search_units=self.search_units(request)))


def _chunks(request: RerankRequest, chunk_tokens: int) -> int:
    """The documents that those of *request* count for."""
    query, most = estimated_tokens(request.query), request.max_tokens_per_doc or READ_TOKENS

    return sum(-(-(query + min(estimated_tokens(text), most)) // chunk_tokens) for text in request.texts)
