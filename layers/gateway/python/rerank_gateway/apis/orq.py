"""orq.ai's router, `POST /v2/router/rerank`: routing stands at the top or under `orq`; the top wins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Body,
    Documents,
    ModelName,
    RerankFields,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import as_object, result_rows, usage_fields
from rerank_gateway.apis.shared.routing_fields import (
    CacheField,
    LoadBalancerField,
    RetryField,
    StatusCode,
    TimeoutField,
    to_cache_ttl,
    to_call_timeout,
    to_load_balancer,
    to_retry,
)
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import RerankRequest

STATUSES: Mapping[str, int] = {"budget_exceeded": 429}
"""orq.ai's own; a 402 is nothing that its clients know."""
DEFAULT_CACHE_TTL_S = 3_600
DEFAULT_WEIGHT = 0.5
"""Both as orq.ai has them."""
SAFEGUARDS = ("plugins", "guardrails")
"""What orq.ai puts before a model: PII redaction, for one."""


class RoutingFields(Body):
    name: str | None = None
    filename: str | None = None
    fallbacks: Annotated[list[ModelName], Field(max_length=50)] | None = None
    fallback_on_codes: list[StatusCode] | None = None
    retry: RetryField | None = None
    cache: CacheField | None = None
    load_balancer: LoadBalancerField | None = None
    timeout: TimeoutField | None = None
    identity: dict[str, Any] | None = None
    contact: dict[str, Any] | None = None
    plugins: list[Any] | None = None
    guardrails: list[Any] | None = None


class OrqBody(RerankFields, RoutingFields):
    documents: Documents
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None
    orq: RoutingFields | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    """Raises InvalidRequest, also for what the gateway could only ignore and the caller relies on."""
    fields = parse_body(OrqBody, body)
    _refuse_safeguards(fields)

    return _request(fields), field_warnings(fields)


def _request(fields: OrqBody) -> RerankRequest:
    codes = _routing_field(fields, "fallback_on_codes")

    return RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        top_n=fields.top_n,
        return_documents=fields.return_documents is not False,
        fallbacks=tuple(_routing_field(fields, "fallbacks") or ()),
        fallback_on_codes=None if codes is None else frozenset(codes),
        retry=to_retry(_routing_field(fields, "retry")),
        call_timeout=to_call_timeout(_routing_field(fields, "timeout")),
        cache_ttl=to_cache_ttl(_routing_field(fields, "cache"), DEFAULT_CACHE_TTL_S),
        load_balancer=to_load_balancer(_routing_field(fields, "load_balancer"), DEFAULT_WEIGHT),
        metadata=_caller_metadata(fields),
    )


def _refuse_safeguards(fields: OrqBody) -> None:
    """Raise InvalidRequest for what would change or hold back documents: without it they are not to be sent."""
    for place, body in (("", fields), ("orq.", fields.orq)):
        for name in SAFEGUARDS if body else ():
            if any(map(_is_active, getattr(body, name) or ())):
                raise InvalidRequest(f"{place}{name} are orq.ai's own: this gateway has none", param=f"{place}{name}")


def _is_active(safeguard: Any) -> bool:
    return not isinstance(safeguard, dict) or safeguard.get("enabled") is not False


def _routing_field(fields: OrqBody, name: str) -> Any:
    value = getattr(fields, name)

    return getattr(fields.orq, name) if value is None and fields.orq else value


def _caller_metadata(fields: OrqBody) -> dict[str, Any]:
    """What the request says of itself and of its caller, for the log's list of names."""
    metadata = {name: _routing_field(fields, name) for name in ("name", "filename", "identity", "contact")}

    return {name: value for name, value in metadata.items() if value is not None}


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    results = result_rows(request, answer, as_object)
    for row in results:
        row["object"] = "rerank"

    return {
        "id": request_id,
        "object": "list",
        "model": str(answer.target),
        "results": results,
        "usage": usage_fields(answer.usage),
    }


def render_error(error: HttpError) -> dict[str, Any]:
    """All four keys: one of its clients cannot do without any, and reads a number as no code at all."""
    return {"error": {"code": None, "message": error.message, "param": error.param, "type": error.kind}}
