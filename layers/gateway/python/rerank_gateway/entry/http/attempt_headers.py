"""Who was asked, as every API's headers tell it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rerank_gateway.domain.attempt import Attempt
    from rerank_gateway.domain.target import Target

NOT_FOR_HEADERS = re.compile(r"[^ -~]")
"""An operator may call a provider anything, and not every character may be in a header."""
MAX_TOLD_ATTEMPTS, MAX_TOLD_CHARS = 20, 100
"""API Gateway takes 10 KB of headers."""


def attempt_headers(target: Target | None, attempts: Sequence[Attempt]) -> dict[str, str]:
    """
    The *target* whose ranking or failure it is, and the *attempts* that led there: `a/m 503 provider_busy, b/m 200`.
    """
    headers = {"x-gateway-target": _printable(str(target)[:MAX_TOLD_CHARS])} if target else {}
    if not attempts:
        return headers
    told = [_words(attempt) for attempt in attempts[:MAX_TOLD_ATTEMPTS]]
    if len(attempts) > MAX_TOLD_ATTEMPTS:
        told.append(f"{len(attempts) - MAX_TOLD_ATTEMPTS} more")

    return headers | {"x-gateway-attempts": _printable(", ".join(told))}


def _words(attempt: Attempt) -> str:
    target = str(attempt.target)[:MAX_TOLD_CHARS]
    if attempt.skipped:
        return f"{target} skipped ({attempt.skipped})"

    return f"{target} {attempt.status_code} {attempt.error.code}" if attempt.error else f"{target} 200"


def _printable(text: str) -> str:
    return NOT_FOR_HEADERS.sub("?", text)
