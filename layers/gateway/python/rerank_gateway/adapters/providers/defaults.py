"""How most providers do what a description may say otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import TargetMissing


def http_status(response: ProviderResponse) -> int:
    return response.status


def no_headers(_: str) -> Mapping[str, str]:
    return {}


def never(_: ProviderResponse) -> bool:
    return False


def quoted_in_path(model: str) -> str:
    """*model* as a part of an address that it cannot lead elsewhere. Raises TargetMissing for what is no name."""
    if any(step in ("", ".", "..") for step in model.split("/")):
        raise TargetMissing("this is no model's name")

    from urllib.parse import quote  # for the few providers whose addresses name the model

    return quote(model, safe="/")
