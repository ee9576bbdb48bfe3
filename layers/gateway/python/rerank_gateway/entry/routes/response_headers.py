"""What the headers of a response say beside its body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rerank_gateway.entry.http.attempt_headers import NOT_FOR_HEADERS, attempt_headers
from rerank_gateway.entry.http.limits import rate_headers

if TYPE_CHECKING:
    from rerank_gateway.domain.answer import Answer

MAX_WARNINGS = 20
POLL_AGAIN = {"retry-after": "1"}
"""For whoever is to poll."""


def answer_headers(answer: Answer) -> dict[str, str]:
    """
    Who gave *answer*, and in which ways it is less than what was asked for; what it cost in USD, to a billionth, what
    is left of a limit, and how the cache served, as far as is known.
    """
    headers, cost = attempt_headers(answer.target, answer.attempts), answer.usage.cost
    if cost is not None:
        headers["x-rerank-cost"] = f"{cost:.9f}".rstrip("0").rstrip(".")
    if answer.degraded:
        headers["x-gateway-degraded"] = ", ".join(answer.degraded)
    if answer.cache:
        headers["x-gateway-cache"] = answer.cache
    if answer.rate:
        headers |= rate_headers(answer.rate)

    return headers


def config_header(version: str) -> dict[str, str]:
    """Which *version* of the configuration was in force."""
    return {"x-gateway-config": version}


def warning_headers(warnings: Sequence[str], answer: Answer | None = None) -> dict[str, str]:
    """
    The *warnings* about a body's fields, so that a typo is seen, and what else *answer* has to warn of: the documents
    that had to be truncated, and what had no effect at whom.
    """
    truncated = [f"documents[{index}]" for index in sorted(answer.truncated)] if answer else []
    warnings = [
        *warnings,
        *(["truncated: " + ", ".join(truncated[:MAX_WARNINGS])] if truncated else []),
        *(answer.warnings if answer else ()),
    ]

    return {"x-gateway-warnings": NOT_FOR_HEADERS.sub("?", "; ".join(warnings))} if warnings else {}
