"""What of a request has no effect at a target that ranks it all the same."""

from __future__ import annotations

from collections.abc import Iterator

from rerank_gateway.domain.limits.truncation import follows_truncate
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest

OPTIONS = ("priority", "instruction", "user")
"""What a target may have no word for. The other options have their effect in the gateway where it has none."""


def ineffective_fields(request: RerankRequest, profile: Profile) -> Iterator[str]:
    """The names of what *request* has and a target does not look at, as far as its *profile* tells."""
    if not follows_truncate(request, profile):
        yield "truncate"
    yield from (name for name in OPTIONS if getattr(request, name) is not None and name not in profile.parameters)
    if request.document_metadata and "document_metadata" not in profile.parameters:
        yield "metadata"
    # An image without a text beside it would have been refused.
    if not profile.sees:
        yield from (f"documents[{index}].image" for index in sorted(request.images))
