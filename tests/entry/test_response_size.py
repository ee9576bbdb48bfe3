"""Responses that Lambda would refuse are refused here, with a way out."""

from __future__ import annotations

import json

import pytest

from rerank_gateway.domain.errors import TooLarge
from rerank_gateway.entry.http.response_size import require_response_size

LAMBDA_LIMIT = 6 * 1024 * 1024
"""Bytes of a response, from Lambda's quotas."""


def as_sent(body: str) -> int:
    """Bytes of *body* in the envelope, with headers."""
    return len(json.dumps(body, ensure_ascii=False).encode()) + 32 * 1024


@pytest.mark.parametrize("letter", ["x", '"', "é", "😀"])
def test_what_passes_is_what_lambda_takes(letter: str) -> None:
    """
    The envelope escapes quotes once more, and letters beyond ASCII have several bytes.
    """
    size = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    most = (LAMBDA_LIMIT - 64 * 1024) // size - 2

    require_response_size(letter * most)
    assert as_sent(letter * most) < LAMBDA_LIMIT
    with pytest.raises(TooLarge):
        require_response_size(letter * (most + 3))
