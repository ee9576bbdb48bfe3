"""Sources of the gateway's keys for providers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import from_json

from rerank_gateway.adapters.aws.secrets_manager import Secret
from rerank_gateway.adapters.credentials.key_ring import ProviderKey, read_keys
from rerank_gateway.domain.errors import Unavailable


@dataclass(frozen=True, slots=True)
class SecretKeys:
    """One secret for all providers: `{"cohere": "key", "jina": ["key", {"key": "key", "weight": 2}]}`."""

    secret: Secret

    def __call__(self, provider: str) -> Sequence[ProviderKey]:
        """The keys of *provider*. Raises Unavailable, also when the secret's text cannot be read."""
        try:
            keys = from_json(self.secret.value())
            return read_keys(keys[provider]) if keys.get(provider) else []
        except (ValueError, AttributeError):
            # Neither cause nor text: both would quote the secret.
            raise Unavailable(f"the gateway's keys for {provider} cannot be read") from None


@dataclass(frozen=True, slots=True)
class EnvironmentKeys:
    """
    The environment's *variables*, of which *names* gives those that hold a provider's key, such as COHERE_API_KEY: the
    first one that is set counts. Commas part several keys.
    """

    variables: Mapping[str, str]
    names: Callable[[str], Sequence[str]]

    def __call__(self, provider: str) -> Sequence[ProviderKey]:
        value = next((self.variables[name] for name in self.names(provider) if self.variables.get(name)), "")

        # Accounts are JSON, which has commas of its own.
        parts = [value] if value.lstrip().startswith("{") else value.split(",")

        values = [key.strip() for key in parts if key.strip()]

        return [ProviderKey(value, number=number) for number, value in enumerate(values, start=1)]
