"""What an address says of the keys, the usage or the part of a list that are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.management.pages import KeyFilter, Page
from rerank_gateway.domain.management.report import GROUPS, Group
from rerank_gateway.entry.http.request import HttpRequest

MAX_PAGE = 100
"""As OpenRouter has it."""
MAX_OFFSET = 1_000_000
MAX_AFTER_CHARS = 100
MAX_REPORT_DAYS = 366
DEFAULT_GROUPS: tuple[Group, ...] = ("team", "key")
BOOLEANS = {"true": True, "false": False}


def parse_filter(request: HttpRequest) -> KeyFilter:
    """Raises InvalidRequest."""
    query = query_of(request)

    return KeyFilter(query.get("team"), _flag(query, "include_disabled"), _flag(query, "include_expired"))


def parse_page(request: HttpRequest) -> Page:
    """Raises InvalidRequest."""
    return Page(parse_limit(request), parse_offset(request), parse_after(request))


def parse_limit(request: HttpRequest, most: int = MAX_PAGE) -> int:
    """How many entries are wanted: *most*, unless said. Raises InvalidRequest."""
    limit = parse_number(query_of(request), "limit", least=1, most=most)

    return most if limit is None else limit


def parse_offset(request: HttpRequest) -> int:
    """How many entries are passed over. Raises InvalidRequest."""
    return parse_number(query_of(request), "offset", least=0, most=MAX_OFFSET) or 0


def parse_after(request: HttpRequest) -> str | None:
    """Where to go on. Raises InvalidRequest."""
    after: str | None = query_of(request).get("after")
    if after is not None and not 0 < len(after) <= MAX_AFTER_CHARS:
        raise InvalidRequest("after must be what a list said in `next`", param="after")

    return after


def parse_days(request: HttpRequest, now: float) -> tuple[str, str]:
    """The first and the last day of a report: of this month until today, unless said. Raises InvalidRequest."""
    query, today = query_of(request), datetime.fromtimestamp(now, UTC).date()
    last = _day(query, "to", today)
    first = _day(query, "from", last.replace(day=1))
    if not 0 <= (last - first).days < MAX_REPORT_DAYS:
        raise InvalidRequest(f"from must not be after to, nor {MAX_REPORT_DAYS} days before it", param="from")

    return first.isoformat(), last.isoformat()


def parse_groups(request: HttpRequest) -> tuple[Group, ...]:
    """What the rows of a report are told apart by, in this order. Raises InvalidRequest."""
    said = query_of(request).get("group_by")
    if said is None:
        return DEFAULT_GROUPS
    names = [name.strip() for name in said.split(",") if name.strip()]
    groups = tuple(group for name in names for group in GROUPS if group == name)
    if len(groups) != len(names) or len(set(groups)) != len(groups):
        raise InvalidRequest(f"group_by must have some of {', '.join(GROUPS)}, each once", param="group_by")

    return groups


def query_of(request: HttpRequest) -> Mapping[str, Any]:
    """What stands behind the `?`."""
    return request.event.get("queryStringParameters") or {}


def _flag(query: Mapping[str, Any], name: str) -> bool:
    said = query.get(name, "false").lower()
    if said not in BOOLEANS:
        raise InvalidRequest(f"{name} must be true or false", param=name)

    return BOOLEANS[said]


def parse_number(query: Mapping[str, Any], name: str, *, least: int, most: int) -> int | None:
    """A whole number within those bounds; None where it is not said. Raises InvalidRequest."""
    said = query.get(name)
    if said is None:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= len(str(most)) and least <= int(said) <= most):
        raise InvalidRequest(f"{name} must be an integer from {least} to {most}", param=name)

    return int(said)


def _day(query: Mapping[str, Any], name: str, default: date) -> date:
    said = query.get(name)
    if said is None:
        return default
    try:
        return datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise InvalidRequest(f"{name} must be a day such as 2026-11-28", param=name) from None
