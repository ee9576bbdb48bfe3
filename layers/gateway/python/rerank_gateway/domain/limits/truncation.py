"""Texts that are longer than a target takes, or than the caller wants read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.tokens import BYTES_PER_TOKEN


def truncate_texts(request: RerankRequest, profile: Profile) -> RerankRequest:
    """
    *request* with texts that are no longer than the target takes and, where it cannot be told, than the caller wants.

    Tokens are counted as BYTES_PER_TOKEN bytes each, as every model counts differently. Raises TargetRefused when the
    caller wants nothing truncated.
    """
    if request.max_tokens_per_doc and not profile.truncates:
        request = _truncate(request, _by_bytes(request.max_tokens_per_doc * BYTES_PER_TOKEN))
    if profile.limits.length:
        request = _truncate(request, _by_characters(profile.limits.length))

    return request


def _truncate(request: RerankRequest, shortened: Callable[[str, bool], str]) -> RerankRequest:
    texts = [shortened(text, request.truncate == "start") for text in request.texts]
    if texts == list(request.texts):
        return request
    if request.truncate == "none":
        raise TargetRefused("a document is too long, and `truncate` is none")

    return replace(request, texts=texts)


def _by_characters(most: int) -> Callable[[str, bool], str]:
    return lambda text, at_start: text[-most:] if at_start else text[:most]


def _by_bytes(most: int) -> Callable[[str, bool], str]:
    def shortened(text: str, at_start: bool) -> str:
        # No character has more than four bytes: most texts are short enough without a look at theirs.
        if len(text) * 4 <= most:
            return text
        written = text.encode("utf-8", "surrogatepass")

        # A character that the cut parts is dropped.
        return (written[-most:] if at_start else written[:most]).decode("utf-8", "ignore")

    return shortened
