"""What the headers of a response say beside its body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rerank_gateway.domain.answer import Answer

MAX_WARNINGS = 20
NOT_FOR_HEADERS = re.compile(r"[^ -~]")
POLL_AGAIN = {"retry-after": "1"}
"""For whoever is to poll."""


def answer_headers(answer: Answer) -> dict[str, str]:
    """What *answer* cost in USD, to a billionth, and how the cache served, as far as is known."""
    cost = answer.usage.cost
    headers = {} if cost is None else {"x-rerank-cost": f"{cost:.9f}".rstrip("0").rstrip(".")}

    return headers | ({"x-gateway-cache": answer.cache} if answer.cache else {})


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

    # An operator may call a provider anything, and not every character may be in a header.
    return {"x-gateway-warnings": NOT_FOR_HEADERS.sub("?", "; ".join(warnings))} if warnings else {}
