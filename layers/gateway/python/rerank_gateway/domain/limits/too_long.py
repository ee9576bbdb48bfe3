"""A provider that refuses a request because a text in it is too long, and what it is sent instead."""

from __future__ import annotations

from dataclasses import replace

from rerank_gateway.domain.errors import TooLong
from rerank_gateway.domain.limits.truncation import truncate_to_bytes
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.tokens import BYTES_PER_TOKEN, size_of

FALLBACK_TOKENS = 512
"""Tokens of the query and a text that every model takes, as far as is known."""
RESERVED_SHARE = 8
"""One part in so many of what a model takes is left to what servers put around the texts, and to bad estimates."""
DENSE_BYTES_PER_TOKEN = 3
"""Bytes of a token in texts that have many of them. The second try is the last: rather too short than refused."""


def shortened(request: RerankRequest, limits: Limits, too_long: TooLong) -> RerankRequest | None:
    """
    *request* with texts that are short enough for who said that one is *too_long*: by the limit that it told, or else
    by its *limits*. None where nothing may be truncated, or nothing would be left.
    """
    if request.truncate == "none":
        return None
    tokens = too_long.limit or limits.window or FALLBACK_TOKENS
    room = int((tokens - tokens // RESERVED_SHARE) * _bytes_per_token(request, too_long)) - size_of(request.query)
    if room <= 0:
        return None
    shorter = truncate_to_bytes(request, room)

    # Who can truncate for itself is told to, which is more exact.
    return None if shorter is request else replace(shorter, truncate=request.truncate or "end")


def _bytes_per_token(request: RerankRequest, too_long: TooLong) -> float:
    """How many bytes a token has, as far as the tokens that were counted in the longest text tell."""
    if not too_long.tokens:
        return DENSE_BYTES_PER_TOKEN
    counted = (size_of(request.query) + max(map(size_of, request.texts))) / too_long.tokens

    return min(max(counted, 1.0), BYTES_PER_TOKEN)
