"""What Lambda lets out."""

import json

from rerank_gateway.domain.errors import TooLarge

MAX_BODY_BYTES = 6 * 1024 * 1024 - 64 * 1024
"""Bytes. Lambda refuses a response of more than 6 MB (its quotas); the rest is for headers, and for what polls add."""


def require_response_size(body: str) -> None:
    """Raise TooLarge for a JSON *body* that Lambda would refuse: API Gateway would make a bare 502 of it."""
    # The envelope is JSON as well and escapes the body once more: at most four bytes a character.
    if len(body) * 4 > MAX_BODY_BYTES and len(json.dumps(body, ensure_ascii=False).encode()) > MAX_BODY_BYTES:
        raise TooLarge("the answer is larger than 6 MB; ask for fewer with top_n, or without return_documents")
