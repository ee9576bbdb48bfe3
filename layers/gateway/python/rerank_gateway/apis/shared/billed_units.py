"""What an answer is billed as, for the clients that read it in `meta`."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.response_fields import without_none
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.price import DOCUMENTS_PER_SEARCH_UNIT
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import LOCAL_PROVIDER


def billed_units(request: RerankRequest, answer: Answer) -> dict[str, Any]:
    """Always with `search_units`: LangChain4j's client cannot do without."""
    total_tokens = answer.usage.total_tokens or None

    return {"search_units": search_units(request, answer)} | without_none(total_tokens=total_tokens)


def search_units(request: RerankRequest, answer: Answer) -> int:
    """Those that the provider counts, or else as Cohere would: none for what was ranked here, or has been kept."""
    if answer.usage.search_units is not None:
        return answer.usage.search_units
    if answer.target.provider == LOCAL_PROVIDER or not answer.attempts:
        return 0

    return -(-len(request.documents) // DOCUMENTS_PER_SEARCH_UNIT)
