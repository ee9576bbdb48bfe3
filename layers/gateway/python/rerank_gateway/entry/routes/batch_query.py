"""What an address says of the file or the batch, or of the part of a list, that is wanted."""

from __future__ import annotations

import re

from rerank_gateway.domain.batches.files import Purpose
from rerank_gateway.domain.batches.ports import Part
from rerank_gateway.domain.errors import InvalidRequest, UnknownJob
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.routes.key_query import parse_number, query_of

ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
DEFAULT_LIMIT = 20
MAX_LIMIT, MAX_PAGE = 10_000, 100
"""What OpenAI takes for its files, and how many there are at most in one answer."""
ORDERS = ("asc", "desc")


def parse_id(request: HttpRequest, unknown: UnknownJob) -> str:
    """The id in the address. Raises *unknown* for what can be none: DynamoDB would refuse to look for it."""
    found: str = request.event["pathParameters"]["id"]
    if not ID.fullmatch(found):
        raise unknown

    return found


def parse_part(request: HttpRequest) -> Part:
    """Raises InvalidRequest."""
    query = query_of(request)
    after, order = query.get("after"), query.get("order", "desc")
    if after is not None and not ID.fullmatch(after):
        raise InvalidRequest("after must be the id of one in the list", param="after")
    if order not in ORDERS:
        raise InvalidRequest("order must be asc or desc", param="order")
    limit = parse_number(query, "limit", least=1, most=MAX_LIMIT)

    return Part(min(limit or DEFAULT_LIMIT, MAX_PAGE), after, oldest_first=order == "asc")


def parse_purpose(request: HttpRequest) -> Purpose | None:
    """Raises InvalidRequest."""
    said = query_of(request).get("purpose")
    if said is not None and said not in tuple(Purpose):
        raise InvalidRequest(f"purpose must be {' or '.join(Purpose)}", param="purpose")

    return Purpose(said) if said else None
