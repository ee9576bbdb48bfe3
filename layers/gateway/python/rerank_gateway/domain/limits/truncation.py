"""Texts that are longer than a target takes, or than the caller wants read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.price import BYTES_PER_TOKEN
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest


def truncate_texts(request: RerankRequest, profile: Profile) -> RerankRequest:
    """
    *request* with texts that are no longer than the target takes and, where it cannot be told, than the caller wants. A
    target that knows a number of tokens keeps the beginnings, so the ends are kept, or too long a text refused, here.

    Tokens are counted as BYTES_PER_TOKEN bytes each, as every model counts differently. Raises TargetRefused when the
    caller wants nothing truncated.
    """
    if tokens := _tokens_kept_here(request, profile):
        request = _truncate(request, _by_bytes(tokens * BYTES_PER_TOKEN))
    if profile.limits.length:
        request = _truncate(request, _by_characters(profile.limits.length))

    return request


def follows_truncate(request: RerankRequest, profile: Profile) -> bool:
    """Whether `truncate` has the effect that the caller wants, be it at the target or here."""
    return (
        request.truncate is None
        or request.truncate in profile.truncation
        or _tokens_kept_here(request, profile) is not None
    )


def _tokens_kept_here(request: RerankRequest, profile: Profile) -> int | None:
    """Tokens of a text that the target gets at most; None where it sees to that itself, or nobody knows them."""
    if request.truncate in ("none", "start"):
        return request.max_tokens_per_doc or profile.default_tokens

    return None if profile.truncates else request.max_tokens_per_doc


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
