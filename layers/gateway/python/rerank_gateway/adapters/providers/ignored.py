"""What of a request has no effect at a provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.domain.request import RerankRequest

OPTIONS = ("priority", "instruction", "user")
"""What a provider may have no word for. The other options have their effect in the gateway where it has none."""


def ignored_options(dialect: Dialect, request: RerankRequest, model: str, settings: Settings) -> Iterator[str]:
    """The options of *request* without which the payload would be the same."""
    wanted = [name for name in OPTIONS if getattr(request, name) is not None]
    if not wanted:
        return
    # One short text tells as much as a thousand.
    small = replace(request, documents=("-",), texts=("-",), images={}, top_n=None, extra_body={})
    payload = dialect.phrase(small, model, settings)
    for name in wanted:
        without = replace(small, **{name: None})  # type: ignore[arg-type]  # each of OPTIONS may be None
        if dialect.phrase(without, model, settings) == payload:
            yield name


def ignored_extra_fields(extra_body: Mapping[str, object], payload: Payload) -> Iterator[str]:
    """What of a caller's *extra_body* did not get into the *payload*, as the gateway has a word of its own for it."""
    return (f"extra_body.{name}" for name, value in extra_body.items() if name not in payload or payload[name] != value)
