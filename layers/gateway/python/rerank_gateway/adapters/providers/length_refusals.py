"""How providers say that a text is too long. Few agree on a status, none on the words."""

from __future__ import annotations

import re

from rerank_gateway.domain.errors import TooLong

STATUSES = frozenset((400, 413, 422, 500))
"""llama.cpp and Xinference say it with a 500."""
WORDS = re.compile(
    r"context[ _]?(length|size|window)"
    r"|too (long|many tokens|large to process)|longer than"
    r"|max(imum)?[ _](allowed )?(context|model|input|sequence|seq|token|length)"
    r"|token limit|tokens limit|less than \d+ tokens|reduce the length|range of input length"
    r"|exceed[^.]{0,60}(token|length)|(token|length)[^.]{0,60}exceed",
    re.IGNORECASE,
)
NOT_OF_A_TEXT = re.compile(r"(per|in the|submitted|client|allowed) batch|batch size \d", re.IGNORECASE)
"""So many tokens or texts together: shorter texts are not what is wanted."""
LIMIT = re.compile(
    r"(?:max\w*|limit|less than|at most|up to|exceed\w*|longer than|(?:context|batch)[ _](?:length|size|window)"
    r"|should be \[\d+,)[^\d]{0,60}?(\d+)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"\d+")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
LEAST_LIMIT = 32
"""Tokens. A smaller number is an index or a code."""
MAX_CHARS = 2_000
"""Characters of a message that are searched."""


def length_refusal(status: int, message: str) -> TooLong | None:
    """What an error says of a text that is too long, by its *status* and *message*; None when it is about others."""
    if status not in STATUSES:
        return None
    words = THOUSANDS.sub("", message[:MAX_CHARS])
    if NOT_OF_A_TEXT.search(words) or not (status == 413 or WORDS.search(words)):
        return None
    limits = [int(number) for number in LIMIT.findall(words) if int(number) >= LEAST_LIMIT]
    limit = min(limits, default=None)
    if limit is None:
        return TooLong()
    counted = max(map(int, NUMBER.findall(words)))

    return TooLong(limit, counted if counted > limit else None)
