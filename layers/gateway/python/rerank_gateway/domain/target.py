"""Whom one can ask."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors import UnknownModel

LOCAL_PROVIDER = "local"
"""The name of the one that is no server: what is ranked in the gateway itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """A provider and one of its models, written `provider/model`."""

    provider: str
    model: str

    @classmethod
    def parse(cls, name: str) -> Target:
        """Read `provider/model`; the model may hold further slashes. Raises UnknownModel."""
        provider, slash, model = name.partition("/")
        if not (provider and slash and model):
            raise UnknownModel(f"{name[:200]!r} is no alias, and not of the form provider/model", param="model")

        return cls(provider, model)

    def __str__(self) -> str:
        return f"{self.provider}/{self.model}"
