"""What of a request a provider is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.domain.request import RerankRequest

SAMPLES: Mapping[str, object] = {"priority": 1, "instruction": "-", "user": "-", "document_metadata": ("-",)}
"""Values of the options that only a provider can follow."""


def told_parameters(dialect: Dialect, model: str, settings: Settings) -> frozenset[str]:
    """The options without which *model* would be sent something else."""
    plain = _payload(dialect, model, settings, {})
    told = (name for name, value in SAMPLES.items() if _payload(dialect, model, settings, {name: value}) != plain)

    return frozenset(told)


def dropped_extra_fields(extra_body: Mapping[str, object], payload: Payload) -> Iterator[str]:
    """What of a caller's *extra_body* did not get into the *payload*, as the gateway has a word of its own for it."""
    return (f"extra_body.{name}" for name, value in extra_body.items() if name not in payload or payload[name] != value)


def _payload(dialect: Dialect, model: str, settings: Settings, options: Mapping[str, object]) -> Payload:
    # One short text tells as much as a thousand.
    request = RerankRequest(model=model, query="-", documents=("-",), texts=("-",), **options)  # type: ignore[arg-type]

    return dialect.phrase(request, model, settings)
