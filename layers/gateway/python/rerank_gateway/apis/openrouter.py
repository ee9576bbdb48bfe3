"""OpenRouter's rerank, `POST /api/v1/rerank`: documents always come back, errors have a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis.controls import ProviderField, preferences_of
from rerank_gateway.apis.documents import images, texts
from rerank_gateway.apis.failure import Failure
from rerank_gateway.apis.fields import Asked, AtLeastOne, Documents, read, unknown_fields
from rerank_gateway.apis.parts import as_object, known, rows, usage
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest

STATUSES: Mapping[str, int] = {"provider_timed_out": 524, "deadline_exceeded": 524, "provider_overloaded": 529}
"""Its clients have errors of their own for these."""


class OpenRouterBody(Asked):
    documents: Documents
    top_n: AtLeastOne | None = None
    provider: ProviderField | None = None
    session_id: str | None = None
    trace: dict[str, Any] | None = None
    user: str | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = read(OpenRouterBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        top_n=fields.top_n,
        return_documents=True,
        preferences=preferences_of(fields.provider),
        user=fields.user,
    )

    return request, list(unknown_fields(fields))


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    return {
        "id": request_id,
        "model": str(given.target),
        "provider": given.target.provider,
        "results": rows(request, given, document=as_object),
        "usage": usage(given.usage),
    }


def failure(told: Failure) -> dict[str, Any]:
    provider = told.attempts[0].target.provider if told.attempts else None
    metadata = known(provider_name=provider, param=told.param)

    return {"error": {"code": told.status, "message": told.message} | known(metadata=metadata or None)}
