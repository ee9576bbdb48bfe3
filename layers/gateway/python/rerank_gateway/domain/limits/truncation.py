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
    *request* with texts that are no longer than the target takes and, where it cannot be told, than the caller wants. A
    target that knows a number of tokens keeps the beginnings, so the ends are kept, or too long a text refused, here.

    Tokens are counted as BYTES_PER_TOKEN bytes each, as every model counts differently. Raises TargetRefused when the
    caller wants nothing truncated.
    """
    if tokens := _tokens_kept_here(request, profile):
        request = truncate_to_bytes(request, tokens * BYTES_PER_TOKEN)
    if profile.limits.length:
        request = _truncate(request, _by_characters(profile.limits.length))

    return request


def with_default(request: RerankRequest, profile: Profile) -> RerankRequest:
    """*request* with the operator's `max_tokens_per_doc` where it has none: the alias's, or else the provider's."""
    default = request.default_max_tokens_per_doc or profile.max_tokens_per_doc
    if request.max_tokens_per_doc or not default:
        return request

    return replace(request, max_tokens_per_doc=default)


def truncate_to_bytes(request: RerankRequest, most: int) -> RerankRequest:
    """*request* with texts of at most so many bytes. Raises TargetRefused when the caller wants nothing truncated."""
    return _truncate(request, _by_bytes(most))


def unasked_truncation(request: RerankRequest, truncated: RerankRequest, profile: Profile) -> frozenset[int]:
    """The documents of *request* whose texts are shorter in *truncated* than the caller wants them."""
    if truncated.texts is request.texts:
        return frozenset()
    # Who names the end that is kept wants no more than the target reads.
    wanted = truncate_texts(request, Profile(default_tokens=profile.default_tokens))

    return truncated_indices(wanted, truncated)


def truncated_indices(whole: RerankRequest, truncated: RerankRequest) -> frozenset[int]:
    """The documents whose texts are shorter in *truncated* than in *whole*."""
    if truncated.texts is whole.texts:
        return frozenset()
    pairs = zip(whole.texts, truncated.texts, strict=True)

    return frozenset(index for index, (before, after) in enumerate(pairs) if len(after) < len(before))


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
